package dev.mekiki.runtime.server;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mekiki.schemas.text.BoundedText;
import io.grpc.Status;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Who did what, and what came of it: a line of JSON for each change that was asked for, and for
/// each request that a role was missing for. They go to the logger {@value #LOGGER}, because they
/// must be written also when Kafka is what fails. Texts are bounded. Stateless.
public final class AuditLog {
  /// The name of the logger; its level is INFO.
  public static final String LOGGER = "mekiki.audit";

  private static final Logger log = LoggerFactory.getLogger(LOGGER);

  private AuditLog() {}

  /// What came of a request.
  public enum Outcome {
    /// It was acknowledged.
    DONE,

    /// Nothing was changed.
    REFUSED,

    /// It may have been done: no answer came in time, or the service failed on the way.
    UNKNOWN;

    /// The outcome of a call that ended with a status.
    public static Outcome of(Status.Code code) {
      return switch (code) {
        case OK -> DONE;
        case INVALID_ARGUMENT,
            NOT_FOUND,
            ALREADY_EXISTS,
            PERMISSION_DENIED,
            UNAUTHENTICATED,
            RESOURCE_EXHAUSTED,
            FAILED_PRECONDITION,
            OUT_OF_RANGE,
            UNIMPLEMENTED ->
            REFUSED;
        case CANCELLED, UNKNOWN, DEADLINE_EXCEEDED, ABORTED, INTERNAL, UNAVAILABLE, DATA_LOSS ->
            UNKNOWN;
      };
    }
  }

  /// Writes a line.
  ///
  /// @param action such as `image.delete`
  /// @param what names what it was done to, in order; empty values are left out
  /// @param reason why it was not done; null where it was
  public static void write(
      Caller caller,
      String action,
      Map<String, String> what,
      Outcome outcome,
      @Nullable String reason) {
    ObjectNode line =
        JsonNodeFactory.instance.objectNode().put("action", action).put("caller", caller.name());
    @Nullable String tenant = caller.tenant();
    if (tenant != null) {
      line.put("tenant", tenant);
    }
    ObjectNode target = line.putObject("what");
    what.forEach((key, value) -> {
      if (!value.isEmpty()) {
        target.put(key, BoundedText.message(value));
      }
    });
    line.put("outcome", outcome.name());
    if (reason != null) {
      line.put("reason", BoundedText.message(reason));
    }
    log.info("{}", line);
  }
}
