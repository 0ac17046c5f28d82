package dev.mekiki.query.encoder;

import com.google.protobuf.ByteString;
import com.linecorp.armeria.client.ClientFactory;
import dev.mekiki.query.cluster.Deadline;
import dev.mekiki.runtime.server.ClientAccess;
import dev.mekiki.schemas.v1.EncodeRequest;
import dev.mekiki.schemas.v1.EncodeResponse;
import dev.mekiki.schemas.v1.EncoderGrpc;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The encoder instances: the one that answered last is asked first, the others in turn when it
/// does not answer. Thread-safe; a call blocks.
public final class Encoders {
  private static final Logger log = LoggerFactory.getLogger(Encoders.class);

  private final List<Instance> instances;
  private final AtomicInteger preferred = new AtomicInteger();

  private record Instance(String address, EncoderGrpc.EncoderBlockingStub stub) {}

  /// @param access what the instances are shown
  /// @param factory stays the caller's to close
  /// @param addresses host:port of each instance, at least one
  public Encoders(ClientAccess access, ClientFactory factory, List<String> addresses) {
    this.instances =
        addresses.stream()
            .map(address ->
                new Instance(
                    address,
                    access
                        .grpc(address)
                        .factory(factory)
                        .responseTimeoutMillis(0)
                        .build(EncoderGrpc.EncoderBlockingStub.class)))
            .toList();
  }

  /// The codes of an image, made by the given network.
  ///
  /// @param image the bytes of a JPEG, PNG, WebP, GIF, BMP, TIFF, AVIF or HEIC
  /// @param network content hash of the network of the active generation; an encoder that runs
  ///   another one is passed over, its codes would mean nothing
  /// @param deadline for all instances together
  /// @throws StatusRuntimeException INVALID_ARGUMENT with the encoder's reason where the image
  ///   cannot be encoded, UNAVAILABLE naming every instance's failure where none answered
  public EncodeResponse encode(ByteString image, String network, Deadline deadline) {
    EncodeRequest request = EncodeRequest.newBuilder().setImage(image).build();
    List<String> failures = new ArrayList<>();
    int first = preferred.get();
    for (int i = 0; i < instances.size(); i++) {
      int index = (first + i) % instances.size();
      Instance instance = instances.get(index);
      try {
        EncodeResponse response =
            instance
                .stub()
                .withDeadlineAfter(deadline.leftMillis(), TimeUnit.MILLISECONDS)
                .encode(request);
        if (response.getNetwork().equals(network)) {
          preferred.set(index);
          return response;
        }
        failures.add("%s runs network %s".formatted(instance.address(), response.getNetwork()));
      } catch (StatusRuntimeException e) {
        if (e.getStatus().getCode() == Status.Code.INVALID_ARGUMENT) {
          throw e;
        }
        log.debug("encoder did not answer address={}", instance.address(), e);
        failures.add("%s answered %s".formatted(instance.address(), e.getStatus().getCode()));
      }
    }
    throw Status.UNAVAILABLE
        .withDescription(
            "image: cannot be encoded now: %s (expected: an encoder service with network %s at one"
                    .formatted(String.join(", ", failures), network)
                + " of mekiki.query.encoder-addresses)")
        .asRuntimeException();
  }
}
