package dev.mekiki.query.policy;

import com.google.protobuf.util.Timestamps;
import dev.mekiki.runtime.policy.PolicyLimits;
import dev.mekiki.schemas.v1.ListTenantsResponse;
import dev.mekiki.schemas.v1.TenantSettings;
import java.util.List;
import java.util.Objects;

/// Sets and lists the thresholds of tenants. Thread-safe; what changes them blocks.
public final class TenantOperations {
  private final PolicyStore store;
  private final PictureSource pictures;

  /// Operations on what the store holds.
  public TenantOperations(PolicyStore store, PictureSource pictures) {
    this.store = store;
    this.pictures = pictures;
  }

  /// Sets the thresholds of a tenant. Where none is given those of the generation hold again.
  ///
  /// @return the thresholds, in force here
  public TenantSettings put(TenantSettings request, Scope scope) throws InterruptedException {
    // Only null gives null.
    String tenant = Objects.requireNonNull(scope.chosen(request.getTenant()));
    TenantSettings.Builder settings =
        TenantSettings.newBuilder()
            .setTenant(tenant)
            .setAuthor(Refusals.text("author", request.getAuthor(), PolicyLimits.AUTHOR_BYTES))
            .setTime(Timestamps.now());
    if (!request.hasFingerprintRadius()) {
      store.write(store.topics().tenants(), tenant, null);
      return settings.build();
    }
    int largest = pictures.fingerprintRadius();
    int radius = request.getFingerprintRadius();
    if (radius < 0 || radius > largest) {
      throw Refusals.invalid(
          "fingerprintRadius: %d (expected: 0..%d, that of the generation; raise"
                  .formatted(radius, largest)
              + " mekiki.match.fingerprint-radius for all tenants)");
    }
    settings.setFingerprintRadius(radius);
    checkRoom(tenant);
    store.write(store.topics().tenants(), tenant, settings.build());
    return settings.build();
  }

  private void checkRoom(String tenant) {
    List<TenantSettings> known = store.details().tenants();
    if (known.size() >= PolicyLimits.MAX_TENANTS
        && known.stream().noneMatch(one -> one.getTenant().equals(tenant))) {
      throw Refusals.full(
          "tenants: %d have thresholds (expected: at most that many)"
              .formatted(PolicyLimits.MAX_TENANTS));
    }
  }

  /// The thresholds that a caller sees, by tenant.
  public ListTenantsResponse list(Scope scope) {
    ListTenantsResponse.Builder response = ListTenantsResponse.newBuilder();
    store.details().tenants().stream()
        .filter(tenant -> scope.sees(tenant.getTenant()))
        .forEach(response::addTenants);
    return response.build();
  }
}
