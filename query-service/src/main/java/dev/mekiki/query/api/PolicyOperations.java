package dev.mekiki.query.api;

import dev.mekiki.query.policy.MuteOperations;
import dev.mekiki.query.policy.PolicyStore;
import dev.mekiki.query.policy.Scope;
import dev.mekiki.query.policy.TenantOperations;
import dev.mekiki.query.policy.VerdictOperations;
import dev.mekiki.query.rematch.RematchOperations;
import dev.mekiki.runtime.server.Caller;
import dev.mekiki.schemas.v1.CancelRematchRequest;
import dev.mekiki.schemas.v1.CreateMuteRequest;
import dev.mekiki.schemas.v1.DeleteMuteRequest;
import dev.mekiki.schemas.v1.DeleteVerdictRequest;
import dev.mekiki.schemas.v1.Mute;
import dev.mekiki.schemas.v1.PutVerdictRequest;
import dev.mekiki.schemas.v1.Rematch;
import dev.mekiki.schemas.v1.StartRematchRequest;
import dev.mekiki.schemas.v1.TenantSettings;
import dev.mekiki.schemas.v1.Verdict;

/// What people decide, for callers of gRPC and HTTP alike. Each change leaves a line in the audit
/// log.
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

  Mute createMute(CreateMuteRequest request, Caller caller) throws InterruptedException {
    return Audited.of(
            caller,
            "mute.create",
            "imageId",
            request.getImageId(),
            "fingerprint",
            request.getFingerprint().getFingerprint(),
            "imageBytes",
            request.hasImage() ? Integer.toString(request.getImage().size()) : "",
            "radius",
            request.hasRadius() ? Integer.toString(request.getRadius()) : "",
            "ofTenant",
            request.getTenant(),
            "author",
            request.getAuthor())
        .run(() -> mutes.create(request, scope(caller)), Mute::getId);
  }

  Mute deleteMute(DeleteMuteRequest request, Caller caller) throws InterruptedException {
    return Audited.of(caller, "mute.delete", "id", request.getId())
        .run(() -> mutes.delete(request, scope(caller)), Mute::getId);
  }

  Verdict putVerdict(PutVerdictRequest request, Caller caller) throws InterruptedException {
    return Audited.of(
            caller,
            "verdict.put",
            "a",
            request.getA(),
            "b",
            request.getB(),
            "decision",
            request.getDecision().name(),
            "author",
            request.getAuthor())
        .run(() -> verdicts.put(request, scope(caller)), Verdict::getId);
  }

  Verdict deleteVerdict(DeleteVerdictRequest request, Caller caller) throws InterruptedException {
    return Audited.of(
            caller,
            "verdict.delete",
            "id",
            request.getId(),
            "a",
            request.getA(),
            "b",
            request.getB())
        .run(() -> verdicts.delete(request, scope(caller)), Verdict::getId);
  }

  TenantSettings putTenant(TenantSettings request, Caller caller) throws InterruptedException {
    return Audited.of(
            caller,
            "tenant.put",
            "ofTenant",
            request.getTenant(),
            "fingerprintRadius",
            request.hasFingerprintRadius()
                ? Integer.toString(request.getFingerprintRadius())
                : "none",
            "author",
            request.getAuthor())
        .run(() -> tenants.put(request, scope(caller)), _ -> "");
  }

  Rematch startRematch(StartRematchRequest request, Caller caller) throws InterruptedException {
    return Audited.of(
            caller,
            "rematch.start",
            "ofTenant",
            request.getTenant(),
            "since",
            request.hasSince() ? Long.toString(request.getSince().getSeconds()) : "",
            "fingerprintRadius",
            request.hasFingerprintRadius() ? Integer.toString(request.getFingerprintRadius()) : "",
            "author",
            request.getAuthor())
        .run(() -> rematches.start(request, scope(caller), pictures::rules), Rematch::getId);
  }

  Rematch cancelRematch(CancelRematchRequest request, Caller caller) throws InterruptedException {
    return Audited.of(caller, "rematch.cancel", "author", request.getAuthor())
        .run(() -> rematches.cancel(request, scope(caller)), Rematch::getId);
  }

  /// Whose decisions a caller sees and changes.
  Scope scope(Caller caller) {
    return new Scope(caller.tenant(), tenantsShared);
  }
}
