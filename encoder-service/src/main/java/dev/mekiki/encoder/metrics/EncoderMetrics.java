package dev.mekiki.encoder.metrics;

import static java.util.Objects.requireNonNull;

import dev.mekiki.encoder.record.DeadLetter;
import dev.mekiki.encoder.record.Work.SkipReason;
import dev.mekiki.encoding.decode.process.DecodingProcesses;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToDoubleFunction;

/// The encoder's meters, `mekiki.encoder.*`.
public final class EncoderMetrics {
  private final Map<DeadLetter.Reason, Counter> deadLetters =
      new EnumMap<>(DeadLetter.Reason.class);
  private final Map<SkipReason, Counter> skipped = new EnumMap<>(SkipReason.class);
  private final MeterRegistry registry;
  private final AtomicLong inFlight = new AtomicLong();
  private final AtomicLong lag = new AtomicLong();
  private final AtomicLong partitions = new AtomicLong();
  public final Counter images;
  public final Counter deletions;
  public final Counter queries;
  public final Counter rewinds;
  public final Counter topicRecreations;
  public final DistributionSummary batchSize;
  public final Timer prepare;
  public final Timer encode;
  public final Timer commit;
  public final Timer latency;

  public EncoderMetrics(MeterRegistry registry) {
    this.registry = registry;
    images = counter(registry, "images", "Images whose codes are committed");
    deletions = counter(registry, "deletions", "Deletions that are committed");
    queries = counter(registry, "queries", "Query images encoded");
    rewinds = counter(registry, "rewinds", "Times that work was dropped and begun anew");
    topicRecreations =
        counter(registry, "topic.recreations", "Times that images was deleted and created again");
    for (SkipReason reason : SkipReason.values()) {
      skipped.put(
          reason,
          Counter.builder("mekiki.encoder.skipped.records")
              .description("Records passed over without a dead letter")
              .tag("reason", reason.name())
              .register(registry));
    }
    for (DeadLetter.Reason reason : DeadLetter.Reason.values()) {
      deadLetters.put(
          reason,
          Counter.builder("mekiki.encoder.dead.letters")
              .description("Dead letters that are committed")
              .tag("reason", reason.name())
              .register(registry));
    }
    batchSize =
        DistributionSummary.builder("mekiki.encoder.batch.size")
            .description("Images in one batch of the network")
            .publishPercentiles(0.5, 0.99)
            .register(registry);
    prepare = timer(registry, "prepare", "Decoding and fingerprint of one image");
    encode = timer(registry, "encode", "One batch through the network");
    commit = timer(registry, "commit", "One transaction");
    latency = timer(registry, "latency", "From the timestamp on images to the commit of its code");
    registry.gauge("mekiki.encoder.in.flight", inFlight);
    registry.gauge("mekiki.encoder.lag", lag);
    Gauge.builder("mekiki.encoder.partitions", partitions, AtomicLong::get)
        .description("Partitions of images that this encoder has; 0: it waits for another to go")
        .register(registry);
  }

  /// Counts what decoding processes were ended by: images of the stream, of queries and of the
  /// search for copies alike.
  public void watch(DecodingProcesses processes) {
    ended("time", processes, DecodingProcesses::timedOut);
    ended("crash", processes, DecodingProcesses::crashed);
  }

  private void ended(
      String reason, DecodingProcesses processes, ToDoubleFunction<DecodingProcesses> count) {
    FunctionCounter.builder("mekiki.encoder.decoding.processes.ended", processes, count)
        .description("Decoding processes that an image ended, by crash or at the time limit")
        .tag("reason", reason)
        .register(registry);
  }

  public Counter deadLetters(DeadLetter.Reason reason) {
    return requireNonNull(deadLetters.get(reason));
  }

  public Counter skipped(SkipReason reason) {
    return requireNonNull(skipped.get(reason));
  }

  public void inFlight(int records) {
    inFlight.set(records);
  }

  public void partitions(int number) {
    partitions.set(number);
  }

  public void lag(long records) {
    lag.set(records);
  }

  private static Counter counter(MeterRegistry registry, String name, String description) {
    return Counter.builder("mekiki.encoder." + name).description(description).register(registry);
  }

  private static Timer timer(MeterRegistry registry, String name, String description) {
    return Timer.builder("mekiki.encoder." + name)
        .description(description)
        .publishPercentiles(0.5, 0.99)
        .register(registry);
  }
}
