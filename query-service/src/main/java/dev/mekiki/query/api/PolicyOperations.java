package dev.mekiki.query.api;

import dev.mekiki.query.policy.MuteOperations;
import dev.mekiki.query.policy.PolicyStore;
import dev.mekiki.query.policy.Scope;
import dev.mekiki.query.policy.TenantOperations;
import dev.mekiki.query.policy.VerdictOperations;
import dev.mekiki.query.rematch.RematchOperations;
import dev.mekiki.runtime.server.Caller;
import dev.mekiki.schemas.v1.Rematch;
import dev.mekiki.schemas.v1.StartRematchRequest;

/// What people decide, for callers of gRPC and HTTP alike.
///
/// @param tenantsShared whether images of different tenants may match
record PolicyOperations(
    MuteOperations mutes,
    VerdictOperations verdicts,
    TenantOperations tenants,
    QuarantineOperation quarantine,
    RematchOperations rematches,
    BackendPictures pictures,
    boolean tenantsShared) {

  static PolicyOperations of(
      PolicyStore store,
      RematchOperations rematches,
      BackendPictures pictures,
      QuarantineOperation quarantine,
      boolean tenantsShared) {
    return new PolicyOperations(
        new MuteOperations(store, pictures),
        new VerdictOperations(store, pictures),
        new TenantOperations(store, pictures),
        quarantine,
        rematches,
        pictures,
        tenantsShared);
  }

  /// Begins a rematch.
  Rematch startRematch(StartRematchRequest request, Caller caller) throws InterruptedException {
    return rematches.start(request, scope(caller), pictures::rules);
  }

  /// Whose decisions a caller sees and changes.
  Scope scope(Caller caller) {
    return new Scope(caller.tenant(), tenantsShared);
  }
}
