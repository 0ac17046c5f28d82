package dev.mekiki.query.api;

import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpObject;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.server.DecoratingHttpServiceFunction;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.grpc.Status;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicLong;
import org.reactivestreams.Publisher;

/// Bounds the bytes of all request bodies that are held at once, from their arrival until their
/// responses are sent. A body that does not fit is refused: before it is read where it names its
/// length, else as soon as it exceeds what is left. A single body always fits.
///
/// Thread-safe.
final class BodyBudget implements DecoratingHttpServiceFunction {
  private final long maxBytes;
  private final long maxBody;
  private final AtomicLong used = new AtomicLong();
  private final Counter refused;

  /// @param maxBytes most bytes of all bodies together
  /// @param maxBody most bytes of one body
  BodyBudget(long maxBytes, long maxBody, MeterRegistry meters) {
    this.maxBytes = maxBytes;
    this.maxBody = maxBody;
    Gauge.builder("mekiki.query.body.bytes", used, AtomicLong::doubleValue)
        .description("Bytes of request bodies held at once")
        .baseUnit("bytes")
        .register(meters);
    refused =
        Counter.builder("mekiki.query.body.refused")
            .description("Requests refused because too many bytes of bodies were held")
            .register(meters);
  }

  @Override
  public HttpResponse serve(HttpService service, ServiceRequestContext ctx, HttpRequest request)
      throws Exception {
    HttpMethod method = request.method();
    if (!method.equals(HttpMethod.POST) && !method.equals(HttpMethod.PUT)) {
      return service.serve(ctx, request);
    }
    Reservation reservation = new Reservation();
    var _ = ctx.log().whenComplete().thenRun(reservation::release);
    long declared = request.headers().contentLength();
    if (declared < 0) {
      HttpRequest mapped =
          request.mapData(data -> {
            reservation.take(data.length());
            return data;
          });
      // Behind a publisher of another kind: Armeria would collect the whole body before mapping it.
      Publisher<HttpObject> arriving = subscriber -> mapped.subscribe(subscriber);
      HttpRequest counted = HttpRequest.of(request.headers(), arriving);
      ctx.updateRequest(counted);
      return service.serve(ctx, counted);
    }
    try {
      if (declared > maxBody) {
        throw ApiException.of(
            Status.Code.RESOURCE_EXHAUSTED,
            HttpStatus.REQUEST_ENTITY_TOO_LARGE,
            "body: %d bytes (expected: at most %d; a smaller copy of an image has the same codes, or"
                    .formatted(declared, maxBody)
                + " raise mekiki.images.max-bytes in every service)");
      }
      reservation.take(declared);
    } catch (ApiException e) {
      return Failures.response(e, request);
    }
    return service.serve(ctx, request);
  }

  /// The bytes of one request.
  private final class Reservation {
    private long bytes;
    private boolean released;

    synchronized void take(long more) {
      if (released) {
        return;
      }
      long before = used.getAndAdd(more);
      bytes += more;
      if (before + more > maxBytes && before + more > bytes) {
        refused.increment();
        throw ApiException.exhausted(
            "body: %d bytes of other requests are being handled (expected: at most %d at once; try again, or raise mekiki.query.max-body-bytes)"
                .formatted(before + more - bytes, maxBytes));
      }
    }

    synchronized void release() {
      if (!released) {
        released = true;
        used.addAndGet(-bytes);
      }
    }
  }
}
