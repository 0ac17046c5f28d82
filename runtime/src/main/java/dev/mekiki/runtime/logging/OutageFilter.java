package dev.mekiki.runtime.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;

/// Keeps the warnings and errors of Kafka's clients and of Kafka Streams out of the log and gives
/// them to those who {@link #collect} them, who know whether Kafka is away. Named once, in the
/// product's Logback configuration. Thread-safe.
///
/// Clients say in many lines a second that a broker does not answer; a service says it once. Lines
/// with the marker {@link LogMarkers#KAFKA} are treated as those of clients. Without a collector
/// every line passes.
///
/// A few lines are always left out: those of a clean stop, which interrupts threads, and those of
/// what Kafka does in the normal course of things.
public final class OutageFilter extends TurboFilter {
  private static final List<String> KAFKA = List.of("org.apache.kafka.", "kafka.");
  private static final List<String> CLIENTS =
      List.of("org.apache.kafka.clients.", "org.apache.kafka.streams.", "org.apache.kafka.common.");

  /// Exceptions by which Kafka Streams starts tasks anew; nobody has to act.
  private static final Set<String> RECOVERIES =
      Set.of("TaskCorruptedException", "TaskMigratedException");

  /// What a stop does to threads.
  private static final Set<String> INTERRUPTS =
      Set.of("InterruptedException", "InterruptException");

  /// What Kafka warns of and then does by itself, in the normal course of things.
  private static final List<String> ROUTINE =
      List.of(
          // An offset is asked for, or a partition written, while a transaction ends there.
          "UNSTABLE_OFFSET_COMMIT",
          "CONCURRENT_TRANSACTIONS",
          // A partition has another leader, as at every restart of a broker: clients ask who it is.
          "NOT_LEADER_OR_FOLLOWER",
          "NotLeaderOrFollowerException",
          // A group has another coordinator, likewise, or it loads: clients ask and commit again.
          "This is not the correct coordinator.",
          "The coordinator is not available.",
          "The coordinator is loading and hence can't process requests.",
          // A task waits for another thread, or for the one before, to let go of its directory.
          "Unable to acquire lock",
          // A producer sends a batch again by itself, and reports an error where it gives up.
          ", retrying (",
          // What a later version of Streams will do with global stores; there is none.
          "processing.exception.handler.global.enabled",
          // An embedded broker at its first start, at its first group, and at its end.
          "Performing controller activation",
          "Auto topic creation failed for __",
          "Attempting to close NetworkClient that has already been closed");

  private static final List<Collector> COLLECTORS = new CopyOnWriteArrayList<>();

  /// For Logback, which makes the one instance.
  public OutageFilter() {}

  /// Takes lines.
  @FunctionalInterface
  public interface Collector {
    /// Takes a line, on the thread that logs: quickly, and without logging.
    ///
    /// @param line the line
    /// @param isFirst whether this is the collector that should write the line where it is of use;
    ///   others in this process get it, too
    void take(LogLine line, boolean isFirst);
  }

  /// Gives lines to a collector until the returned handle is closed.
  public static Collecting collect(Collector collector) {
    COLLECTORS.add(collector);
    return () -> COLLECTORS.remove(collector);
  }

  /// Ends when it is closed.
  @FunctionalInterface
  public interface Collecting extends AutoCloseable {
    @Override
    void close();
  }

  @Override
  public FilterReply decide(
      @Nullable Marker marker,
      Logger logger,
      Level level,
      @Nullable String format,
      Object @Nullable [] arguments,
      @Nullable Throwable failure) {
    if (format == null
        || !level.isGreaterOrEqual(Level.WARN)
        || !level.isGreaterOrEqual(logger.getEffectiveLevel())) {
      return FilterReply.NEUTRAL;
    }
    boolean isKafka = KAFKA.stream().anyMatch(logger.getName()::startsWith);
    if (!isKafka && !LogMarkers.KAFKA.equals(marker)) {
      return FilterReply.NEUTRAL;
    }
    @Nullable Throwable thrown = failure == null ? lastArgument(arguments) : failure;
    Level written = hasCause(thrown, RECOVERIES) ? Level.INFO : level;
    LogLine line = LogLine.of(logger.getName(), written, format, arguments, thrown);
    if (isKafka && isRoutine(line, thrown)) {
      return FilterReply.DENY;
    }
    if (isKafka && CLIENTS.stream().noneMatch(logger.getName()::startsWith)) {
      return FilterReply.NEUTRAL;
    }
    List<Collector> collectors = COLLECTORS;
    if (collectors.isEmpty()) {
      return FilterReply.NEUTRAL;
    }
    boolean isFirst = true;
    for (Collector collector : collectors) {
      collector.take(line, isFirst);
      isFirst = false;
    }
    return FilterReply.DENY;
  }

  private static @Nullable Throwable lastArgument(Object @Nullable [] arguments) {
    return arguments != null
            && arguments.length > 0
            && arguments[arguments.length - 1] instanceof Throwable thrown
        ? thrown
        : null;
  }

  private static boolean isRoutine(LogLine line, @Nullable Throwable thrown) {
    return hasCause(thrown, INTERRUPTS) || ROUTINE.stream().anyMatch(line.text()::contains);
  }

  private static boolean hasCause(@Nullable Throwable thrown, Set<String> names) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (names.contains(cause.getClass().getSimpleName())) {
        return true;
      }
    }
    return false;
  }
}
