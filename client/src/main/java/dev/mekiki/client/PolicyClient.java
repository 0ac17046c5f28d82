package dev.mekiki.client;

import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.QueryParams;
import com.linecorp.armeria.common.QueryParamsBuilder;
import dev.mekiki.schemas.v1.CreateMuteRequest;
import dev.mekiki.schemas.v1.DeleteVerdictRequest;
import dev.mekiki.schemas.v1.ListMutesResponse;
import dev.mekiki.schemas.v1.ListQuarantineResponse;
import dev.mekiki.schemas.v1.ListTenantsResponse;
import dev.mekiki.schemas.v1.ListVerdictsResponse;
import dev.mekiki.schemas.v1.Mute;
import dev.mekiki.schemas.v1.PutVerdictRequest;
import dev.mekiki.schemas.v1.Rematch;
import dev.mekiki.schemas.v1.StartRematchRequest;
import dev.mekiki.schemas.v1.TenantSettings;
import dev.mekiki.schemas.v1.Verdict;
import java.util.ArrayList;
import java.util.List;

/// What people decide, and rematches, at the query service of a {@link MekikiClient}. Calls fail as
/// those of the client do. Thread-safe.
public final class PolicyClient {
  private static final String MUTES = "/v1/mutes";
  private static final String VERDICTS = "/v1/verdicts";
  private static final String TENANTS = "/v1/tenants";
  private static final String REMATCH = "/v1/rematch";
  private static final int PAGE = 1000;

  private final Transport transport;

  PolicyClient(Transport transport) {
    this.transport = transport;
  }

  /// Mutes what the request names; returns once that is in force.
  public Mute create(CreateMuteRequest request) {
    return transport
        .once(Requests.json(HttpMethod.POST, MUTES, request), Mute.newBuilder())
        .build();
  }

  /// All mutes, the newest first.
  public List<Mute> mutes() {
    return transport.repeated(Requests.get(MUTES), ListMutesResponse.newBuilder()).getMutesList();
  }

  /// Removes a mute.
  public Mute deleteMute(String id) {
    return transport
        .once(Requests.delete(MUTES, QueryParams.of("id", id)), Mute.newBuilder())
        .build();
  }

  /// Confirms or dismisses a pair; returns once that is in force.
  public Verdict put(PutVerdictRequest request) {
    return transport
        .once(Requests.json(HttpMethod.PUT, VERDICTS, request), Verdict.newBuilder())
        .build();
  }

  /// Verdicts, the newest first.
  ///
  /// @param limit most verdicts, at least 1
  public List<Verdict> verdicts(int limit) {
    List<Verdict> verdicts = new ArrayList<>();
    String cursor = "";
    do {
      QueryParams page =
          Requests.page(true, Math.min(PAGE, limit - verdicts.size()), cursor).build();
      ListVerdictsResponse answer =
          transport
              .repeated(Requests.get(VERDICTS, page), ListVerdictsResponse.newBuilder())
              .build();
      verdicts.addAll(answer.getVerdictsList());
      cursor = answer.getNextCursor();
    } while (!cursor.isEmpty() && verdicts.size() < limit);
    return verdicts;
  }

  /// Withdraws a verdict, by its id or by its images.
  public Verdict delete(DeleteVerdictRequest request) {
    QueryParamsBuilder parameters = QueryParams.builder();
    add(parameters, "id", request.getId());
    add(parameters, "a", request.getA());
    add(parameters, "b", request.getB());
    return transport
        .once(Requests.delete(VERDICTS, parameters.build()), Verdict.newBuilder())
        .build();
  }

  /// What flood control holds back now.
  public ListQuarantineResponse quarantine() {
    return transport
        .repeated(Requests.get("/v1/quarantine"), ListQuarantineResponse.newBuilder())
        .build();
  }

  /// The thresholds of tenants, by tenant.
  public List<TenantSettings> tenants() {
    return transport
        .repeated(Requests.get(TENANTS), ListTenantsResponse.newBuilder())
        .getTenantsList();
  }

  /// Sets the thresholds of a tenant; returns once they are in force.
  public TenantSettings put(TenantSettings settings) {
    return transport
        .repeated(Requests.json(HttpMethod.PUT, TENANTS, settings), TenantSettings.newBuilder())
        .build();
  }

  /// Begins a rematch; returns at once.
  public Rematch start(StartRematchRequest request) {
    return transport
        .once(Requests.json(HttpMethod.POST, REMATCH, request), Rematch.newBuilder())
        .build();
  }

  /// The last rematch.
  public Rematch rematch() {
    return transport.repeated(Requests.get(REMATCH), Rematch.newBuilder()).build();
  }

  /// Cancels the rematch that runs; it ends a moment later.
  ///
  /// @param author who says so; empty for nobody
  public Rematch cancelRematch(String author) {
    QueryParamsBuilder parameters = QueryParams.builder();
    add(parameters, "author", author);
    return transport
        .once(Requests.delete(REMATCH, parameters.build()), Rematch.newBuilder())
        .build();
  }

  private static void add(QueryParamsBuilder parameters, String name, String value) {
    if (!value.isEmpty()) {
      parameters.add(name, value);
    }
  }
}
