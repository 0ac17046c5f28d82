package dev.mekiki.launcher.client;

import dev.mekiki.schemas.v1.CancelRematchRequest;
import dev.mekiki.schemas.v1.CreateMuteRequest;
import dev.mekiki.schemas.v1.DeleteMuteRequest;
import dev.mekiki.schemas.v1.DeleteVerdictRequest;
import dev.mekiki.schemas.v1.GetRematchRequest;
import dev.mekiki.schemas.v1.ListMutesRequest;
import dev.mekiki.schemas.v1.ListQuarantineRequest;
import dev.mekiki.schemas.v1.ListQuarantineResponse;
import dev.mekiki.schemas.v1.ListTenantsRequest;
import dev.mekiki.schemas.v1.ListVerdictsRequest;
import dev.mekiki.schemas.v1.ListVerdictsResponse;
import dev.mekiki.schemas.v1.Mute;
import dev.mekiki.schemas.v1.PolicyGrpc;
import dev.mekiki.schemas.v1.PutVerdictRequest;
import dev.mekiki.schemas.v1.Rematch;
import dev.mekiki.schemas.v1.StartRematchRequest;
import dev.mekiki.schemas.v1.TenantSettings;
import dev.mekiki.schemas.v1.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// What people decide, and rematches, at the query service of a {@link MekikiClient}. Every call
/// fails with a {@link RemoteException} whose message can be shown to people. Thread-safe.
public final class PolicyClient {
  private static final int PAGE = 1000;

  private final String server;
  private final PolicyGrpc.PolicyBlockingStub api;

  PolicyClient(String server, PolicyGrpc.PolicyBlockingStub api) {
    this.server = server;
    this.api = api;
  }

  /// Mutes what the request names; returns once that is in force.
  public Mute create(CreateMuteRequest request) {
    return call(() -> api.createMute(request));
  }

  /// All mutes, the newest first.
  public List<Mute> mutes() {
    return call(() -> api.listMutes(ListMutesRequest.getDefaultInstance())).getMutesList();
  }

  public Mute deleteMute(String id) {
    return call(() -> api.deleteMute(DeleteMuteRequest.newBuilder().setId(id).build()));
  }

  /// Confirms or dismisses a pair; returns once that is in force.
  public Verdict put(PutVerdictRequest request) {
    return call(() -> api.putVerdict(request));
  }

  /// Verdicts, the newest first.
  ///
  /// @param limit most verdicts, at least 1
  public List<Verdict> verdicts(int limit) {
    List<Verdict> verdicts = new ArrayList<>();
    String cursor = "";
    do {
      ListVerdictsRequest request =
          ListVerdictsRequest.newBuilder()
              .setLimit(Math.min(PAGE, limit - verdicts.size()))
              .setCursor(cursor)
              .build();
      ListVerdictsResponse page = call(() -> api.listVerdicts(request));
      verdicts.addAll(page.getVerdictsList());
      cursor = page.getNextCursor();
    } while (!cursor.isEmpty() && verdicts.size() < limit);
    return verdicts;
  }

  public Verdict delete(DeleteVerdictRequest request) {
    return call(() -> api.deleteVerdict(request));
  }

  /// What flood control holds back now.
  public ListQuarantineResponse quarantine() {
    return call(() -> api.listQuarantine(ListQuarantineRequest.getDefaultInstance()));
  }

  /// The thresholds of tenants, by tenant.
  public List<TenantSettings> tenants() {
    return call(() -> api.listTenants(ListTenantsRequest.getDefaultInstance())).getTenantsList();
  }

  /// Sets the thresholds of a tenant; returns once they are in force.
  public TenantSettings put(TenantSettings settings) {
    return call(() -> api.putTenant(settings));
  }

  /// Begins a rematch; returns at once.
  public Rematch start(StartRematchRequest request) {
    return call(() -> api.startRematch(request));
  }

  /// The last rematch.
  public Rematch rematch() {
    return call(() -> api.getRematch(GetRematchRequest.getDefaultInstance()));
  }

  /// Cancels the rematch that runs; it ends a moment later.
  ///
  /// @param author who says so
  public Rematch cancelRematch(String author) {
    return call(
        () -> api.cancelRematch(CancelRematchRequest.newBuilder().setAuthor(author).build()));
  }

  private <T> T call(Supplier<T> call) {
    return RemoteException.of(server, call);
  }
}
