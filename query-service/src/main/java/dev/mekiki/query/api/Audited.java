package dev.mekiki.query.api;

import dev.mekiki.runtime.server.AuditLog;
import dev.mekiki.runtime.server.AuditLog.Outcome;
import dev.mekiki.runtime.server.Caller;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/// A change that somebody asks for, with a line in the audit log of what came of it.
///
/// @param action such as `image.delete`
/// @param what names what it is done to
record Audited(Caller caller, String action, Map<String, String> what) {
  /// The change.
  ///
  /// @param <T> what it answers
  @FunctionalInterface
  interface Change<T> {
    T make() throws InterruptedException;
  }

  /// @param what names and values in turn; those that are empty are left out
  static Audited of(Caller caller, String action, String... what) {
    Map<String, String> named = new LinkedHashMap<>();
    for (int i = 0; i < what.length; i += 2) {
      named.put(what[i], what[i + 1]);
    }
    return new Audited(caller, action, named);
  }

  /// Makes the change.
  ///
  /// @param id of what was made or ended, for the log; empty where there is none
  <T> T run(Change<T> change, Function<T, String> id) throws InterruptedException {
    T answer;
    try {
      answer = change.make();
    } catch (RuntimeException | InterruptedException e) {
      AuditLog.write(caller, action, what, Outcome.of(code(e)), String.valueOf(e.getMessage()));
      throw e;
    }
    Map<String, String> done = new LinkedHashMap<>(what);
    String made = id.apply(answer);
    if (!made.isEmpty()) {
      done.put("id", made);
    }
    AuditLog.write(caller, action, done, Outcome.DONE, null);
    return answer;
  }

  private static Status.Code code(Exception failure) {
    return switch (failure) {
      case ApiException e -> e.code();
      case StatusRuntimeException e -> e.getStatus().getCode();
      default -> Status.Code.UNKNOWN;
    };
  }
}
