package dev.mekiki.index.server;

import static dev.mekiki.index.server.IndexEndpoint.refused;

import dev.mekiki.schemas.v1.RoutingSnapshot;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;

/// Sends one caller the routing at every change, until it hangs up or this instance stops.
///
/// @param call of the caller
record RoutingStream(ServerCallStreamObserver<RoutingSnapshot> call)
    implements RoutingWatch.Listener {
  static void begin(RoutingWatch routing, ServerCallStreamObserver<RoutingSnapshot> call) {
    RoutingStream stream = new RoutingStream(call);
    call.setOnCancelHandler(() -> routing.remove(stream));
    routing.add(stream);
  }

  @Override
  public void onSnapshot(RoutingSnapshot snapshot) {
    if (!call.isCancelled()) {
      call.onNext(snapshot);
    }
  }

  @Override
  public void onClose() {
    if (!call.isCancelled()) {
      call.onError(refused(Status.UNAVAILABLE, "this instance is stopping"));
    }
  }
}
