package dev.mekiki.query.encoder;

import com.linecorp.armeria.client.ClientFactory;
import dev.mekiki.query.cluster.Deadline;
import dev.mekiki.runtime.server.ClientAccess;
import dev.mekiki.schemas.v1.AlignPairRequest;
import dev.mekiki.schemas.v1.AlignRequest;
import dev.mekiki.schemas.v1.AlignResponse;
import dev.mekiki.schemas.v1.AlignedCandidate;
import dev.mekiki.schemas.v1.EncodeRequest;
import dev.mekiki.schemas.v1.EncodeResponse;
import dev.mekiki.schemas.v1.EncoderGrpc;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
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
  /// @param request the bytes of a JPEG, PNG, WebP, GIF, BMP, TIFF, AVIF or HEIC, and whether its
  ///   landmarks are wanted
  /// @param network content hash of the network of the active generation; an encoder that runs
  ///   another one is passed over, its codes would mean nothing
  /// @param deadline for all instances together
  /// @throws StatusRuntimeException INVALID_ARGUMENT with the encoder's reason where the image
  ///   cannot be encoded, UNAVAILABLE naming every instance's failure where none answered
  public EncodeResponse encode(EncodeRequest request, String network, Deadline deadline) {
    return first(
        (stub, address) -> {
          EncodeResponse response = stub.encode(request);
          if (!response.getNetwork().equals(network)) {
            throw Status.FAILED_PRECONDITION
                .withDescription("%s runs network %s".formatted(address, response.getNetwork()))
                .asRuntimeException();
          }
          return response;
        },
        deadline,
        failures ->
            "image: cannot be encoded now: %s (expected: an encoder service with network %s at one of"
                    .formatted(failures, network)
                + " mekiki.query.encoder-addresses)");
  }

  /// How a query picture lies over indexed ones.
  ///
  /// @param deadline for all instances together
  /// @throws StatusRuntimeException INVALID_ARGUMENT with the encoder's reason, UNAVAILABLE naming
  ///   every instance's failure where none answered
  public AlignResponse align(AlignRequest request, Deadline deadline) {
    return first((stub, _) -> stub.align(request), deadline, Encoders::cannotAlign);
  }

  /// How one picture lies over another.
  ///
  /// @param deadline for all instances together
  /// @throws StatusRuntimeException INVALID_ARGUMENT with the encoder's reason, UNAVAILABLE naming
  ///   every instance's failure where none answered
  public AlignedCandidate alignPair(AlignPairRequest request, Deadline deadline) {
    return first((stub, _) -> stub.alignPair(request), deadline, Encoders::cannotAlign);
  }

  private static String cannotAlign(String failures) {
    return "pictures cannot be aligned now: %s (expected: an encoder service with"
            .formatted(failures)
        + " mekiki.match.copies=on at one of mekiki.query.encoder-addresses)";
  }

  private interface Call<T> {
    /// @throws StatusRuntimeException where the instance does not give a useful answer
    T of(EncoderGrpc.EncoderBlockingStub stub, String address);
  }

  /// The first useful answer.
  ///
  /// @param problem of the failures of all instances
  private <T> T first(Call<T> call, Deadline deadline, UnaryOperator<String> problem) {
    List<String> failures = new ArrayList<>();
    int first = preferred.get();
    for (int i = 0; i < instances.size(); i++) {
      int index = (first + i) % instances.size();
      Instance instance = instances.get(index);
      try {
        T response =
            call.of(
                instance.stub().withDeadlineAfter(deadline.leftMillis(), TimeUnit.MILLISECONDS),
                instance.address());
        preferred.set(index);
        return response;
      } catch (StatusRuntimeException e) {
        Status status = e.getStatus();
        if (status.getCode() == Status.Code.INVALID_ARGUMENT) {
          throw e;
        }
        log.debug("encoder did not answer address={}", instance.address(), e);
        failures.add(
            status.getCode() == Status.Code.FAILED_PRECONDITION && status.getDescription() != null
                ? status.getDescription()
                : "%s answered %s".formatted(instance.address(), status.getCode()));
      }
    }
    throw Status.UNAVAILABLE
        .withDescription(problem.apply(String.join(", ", failures)))
        .asRuntimeException();
  }
}
