package dev.mekiki.query.api;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.sse.ServerSentEvent;
import com.linecorp.armeria.common.stream.StreamMessage;
import com.linecorp.armeria.common.stream.StreamWriter;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.annotation.Get;
import com.linecorp.armeria.server.streaming.ServerSentEvents;
import dev.mekiki.query.matches.Positions;
import dev.mekiki.query.matches.StartFrom;
import dev.mekiki.runtime.server.Caller;
import dev.mekiki.schemas.text.BoundedText;
import dev.mekiki.schemas.v1.ListMatchesRequest;
import dev.mekiki.schemas.v1.MatchKind;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/// Matches over HTTP: those to come as server-sent events, those of the past as JSON. Which of both
/// a client gets is what it accepts.
final class MatchHttpApi extends HttpCalls {
  private final Operations operations;

  /// @param executor runs the operations, which block
  MatchHttpApi(Operations operations, Executor executor) {
    super(executor);
    this.operations = operations;
  }

  /// A page of matches for who accepts JSON alone; for anybody else the stream of matches, until
  /// the client goes.
  @Get("/v1/matches")
  public HttpResponse matches(ServiceRequestContext ctx) {
    if (acceptsJsonAlone(ctx.request().headers().accept())) {
      ListMatchesRequest request = listed(parameters(ctx));
      Caller caller = Caller.of(ctx);
      return later(() -> json(operations.matches(caller, request)));
    }
    return stream(ctx);
  }

  private static boolean acceptsJsonAlone(List<MediaType> accepted) {
    return !accepted.isEmpty() && accepted.stream().allMatch(type -> type.is(MediaType.JSON));
  }

  private static ListMatchesRequest listed(Parameters parameters) {
    ListMatchesRequest.Builder request = ListMatchesRequest.newBuilder();
    parameters.number("limit").ifPresent(request::setLimit);
    parameters.text("cursor").ifPresent(request::setCursor);
    parameters.text("after").ifPresent(request::setAfter);
    parameters.text("kind").ifPresent(kind -> request.setKind(kind(kind)));
    parameters.text("tenant").ifPresent(request::setTenant);
    parameters.text("label").ifPresent(request::setLabel);
    parameters.refuseOthers();
    return request.build();
  }

  private static MatchKind kind(String name) {
    for (MatchKind kind : MatchKind.values()) {
      if (kind.name().equals(name.toUpperCase(Locale.ROOT))
          && kind != MatchKind.MATCH_KIND_UNSPECIFIED
          && kind != MatchKind.UNRECOGNIZED) {
        return kind;
      }
    }
    throw ApiException.invalid(
        "kind: '%s' (expected: EXACT, DUPLICATE, NEAR or SHARES_ELEMENT)"
            .formatted(BoundedText.quote(name)));
  }

  private HttpResponse stream(ServiceRequestContext ctx) {
    StreamWriter<ServerSentEvent> events = StreamMessage.streaming();
    Parameters parameters = parameters(ctx);
    @Nullable String tenant = parameters.text("tenant").orElse(null);
    StartFrom from = startFrom(ctx, parameters);
    operations.matches(Caller.of(ctx), tenant, from, new SseMatchSink(events));
    ctx.clearRequestTimeout();
    return ServerSentEvents.fromPublisher(
        ResponseHeaders.builder(HttpStatus.OK)
            .contentType(MediaType.EVENT_STREAM)
            .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
            .build(),
        events);
  }

  private static StartFrom startFrom(ServiceRequestContext ctx, Parameters parameters) {
    Optional<Positions> after = parameters.text("after").flatMap(Positions::parse);
    boolean fromBeginning = parameters.flag("fromBeginning");
    boolean endAtPresent = parameters.flag("endAtPresent");
    parameters.refuseOthers();
    Optional<Positions> last =
        Optional.ofNullable(ctx.request().headers().get("last-event-id"))
            .flatMap(Positions::parse)
            .or(() -> after);
    if (last.isPresent()) {
      return new StartFrom.After(last.get(), endAtPresent);
    }
    return fromBeginning ? new StartFrom.Beginning(endAtPresent) : new StartFrom.Now();
  }
}
