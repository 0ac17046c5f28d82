package dev.mekiki.query.api;

import dev.mekiki.query.policy.MuteOperations;
import dev.mekiki.query.policy.PolicyStore;
import dev.mekiki.query.policy.Scope;
import dev.mekiki.query.policy.TenantOperations;
import dev.mekiki.query.policy.VerdictOperations;
import dev.mekiki.runtime.server.Caller;

/// What people decide, for callers of gRPC and HTTP alike.
///
/// @param tenantsShared whether images of different tenants may match
record PolicyOperations(
    MuteOperations mutes,
    VerdictOperations verdicts,
    TenantOperations tenants,
    QuarantineOperation quarantine,
    boolean tenantsShared) {

  static PolicyOperations of(
      PolicyStore store,
      BackendPictures pictures,
      QuarantineOperation quarantine,
      boolean tenantsShared) {
    return new PolicyOperations(
        new MuteOperations(store, pictures),
        new VerdictOperations(store, pictures),
        new TenantOperations(store, pictures),
        quarantine,
        tenantsShared);
  }

  /// Whose decisions a caller sees and changes.
  Scope scope(Caller caller) {
    return new Scope(caller.tenant(), tenantsShared);
  }
}
