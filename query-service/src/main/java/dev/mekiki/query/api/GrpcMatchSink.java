package dev.mekiki.query.api;

import dev.mekiki.query.matches.MatchEvent;
import dev.mekiki.query.matches.MatchSink;
import dev.mekiki.query.matches.Positions;
import dev.mekiki.schemas.v1.Match;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Matches to a gRPC stream, as fast as its reader takes them.
final class GrpcMatchSink implements MatchSink {
  private final ServerCallStreamObserver<Match> responses;

  /// Released whenever the stream may have become ready.
  private final Semaphore changed = new Semaphore(0);

  /// Must be called before the service method returns.
  GrpcMatchSink(ServerCallStreamObserver<Match> responses) {
    this.responses = responses;
    responses.setOnReadyHandler(changed::release);
    responses.setOnCancelHandler(changed::release);
  }

  @Override
  public void begin(Positions start) {
    // A gRPC stream has no event ids: a client that reconnects starts anew.
  }

  @Override
  public void send(MatchEvent event) throws InterruptedException {
    while (!responses.isReady() && !responses.isCancelled()) {
      // The timeout guards against a readiness that came before the handler was set.
      if (changed.tryAcquire(1, TimeUnit.SECONDS)) {
        changed.drainPermits();
      }
    }
    if (!responses.isCancelled()) {
      responses.onNext(event.match());
    }
  }

  @Override
  public void idle(@Nullable String problem) {
    // gRPC keeps the connection alive itself, and has no message for an outage that may pass.
  }

  @Override
  public void end() {
    if (!responses.isCancelled()) {
      responses.onCompleted();
    }
  }

  @Override
  public void fail(Throwable cause) {
    if (!responses.isCancelled()) {
      responses.onError(Failures.status(cause).asRuntimeException());
    }
  }

  @Override
  public boolean isCancelled() {
    return responses.isCancelled();
  }
}
