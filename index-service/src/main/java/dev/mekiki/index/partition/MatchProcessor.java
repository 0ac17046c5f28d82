package dev.mekiki.index.partition;

import dev.mekiki.hashing.match.MatchRule;
import dev.mekiki.hashing.match.PairFilter;
import dev.mekiki.index.flood.FloodControl;
import dev.mekiki.index.probe.OutgoingProbes;
import dev.mekiki.index.probe.ProbeProgress;
import dev.mekiki.index.questions.AnswerPace;
import dev.mekiki.index.record.DefectiveRecordException;
import dev.mekiki.index.record.LeftOutRecords;
import dev.mekiki.index.record.RecordChecks;
import dev.mekiki.index.streamsinternals.BeforeCommit;
import dev.mekiki.runtime.generation.GenerationGeometry;
import dev.mekiki.runtime.match.QuarantineEvents;
import dev.mekiki.schemas.image.Retention;
import dev.mekiki.schemas.v1.Placement;
import dev.mekiki.schemas.v1.Probe;
import dev.mekiki.schemas.v1.Quarantine;
import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes what arrives at a partition: placements of images whose home it is ({@link
/// ArrivalMatching}), and probes from other partitions ({@link ProbeMatching}). Events go to the
/// child {@link #MATCHES}, probes to {@link #PROBES}. Owned by one stream thread.
public final class MatchProcessor implements Processor<byte[], byte[], String, Object> {
  /// Name of the store of {@link ProbeProgress}.
  public static final String PROGRESS_STORE = "probe-progress";

  /// Name of the sink of events.
  public static final String MATCHES = "matches";

  /// Name of the sink of their ids, with an empty value each.
  public static final String REPORTED = "reported";

  /// Name of the store that sends what waits before each commit.
  public static final String OUTBOX_STORE = "probe-outbox";

  /// Name of the sink of {@link OutgoingProbes}.
  public static final String PROBES = "probes-sink";

  private static final Logger log = LoggerFactory.getLogger(MatchProcessor.class);

  private static final Duration CHECKS = Duration.ofSeconds(1);

  private final GenerationGeometry geometry;
  private final MatchSettings settings;
  private final PartitionMetrics metrics;
  private final String probesTopic;
  private final HostedPartitions hosted;
  private final Retention retention;
  private final InstantSource clock;
  private final LeftOutRecords leftOut;
  private final ArrivalMatching arrivals;
  private final ProbeMatching probes;
  private @Nullable Attachment attachment;

  /// What the task gives the processor at init.
  private record Attachment(ProcessorContext<String, Object> context, PartitionState state) {}

  /// @param geometry the generation served
  /// @param settings what is a match, and how many are emitted
  /// @param filter leaves out pairs that match
  /// @param probesTopic records from it are probes, all others are placements
  /// @param hosted has the store of the task's partition
  /// @param retention of images
  /// @param clock stamps matches, and says which images have ended
  /// @param metrics counts candidates, probes and matches
  /// @param leftOut counts defective records
  public MatchProcessor(
      GenerationGeometry geometry,
      MatchSettings settings,
      PairFilter filter,
      String probesTopic,
      HostedPartitions hosted,
      Retention retention,
      InstantSource clock,
      PartitionMetrics metrics,
      LeftOutRecords leftOut) {
    this.geometry = geometry;
    this.settings = settings;
    this.metrics = metrics;
    this.probesTopic = probesTopic;
    this.hosted = hosted;
    this.retention = retention;
    this.clock = clock;
    this.leftOut = leftOut;
    MatchEmitter emitter = new MatchEmitter(geometry, settings, retention, metrics);
    MatchRule rule = new MatchRule(settings.policy(), filter);
    arrivals = new ArrivalMatching(geometry, settings, rule, emitter, metrics);
    probes = new ProbeMatching(settings, retention, rule, emitter, metrics);
  }

  @Override
  public void init(ProcessorContext<String, Object> context) {
    int partition = context.taskId().partition();
    KeyValueStore<Bytes, byte[]> logged = context.getStateStore(PlacementStore.NAME);
    KeyValueStore<Integer, Long> progress = context.getStateStore(PROGRESS_STORE);
    PlacementStore store =
        hosted
            .partition(partition)
            .orElseThrow(() ->
                new IllegalStateException("store of partition %d: closed".formatted(partition)));
    ProbeOutbox outbox =
        new ProbeOutbox(
            partition,
            geometry.partitions(),
            probes -> context.forward(new Record<>(null, probes, clock.millis()), PROBES));
    FloodControl floods =
        new FloodControl(
            settings.floods(), settings.origins().tenantsShared(), geometry.id(), partition, false);
    PartitionState state =
        new PartitionState(
            logged,
            store,
            new ProbeProgress(progress, geometry.partitions()),
            outbox,
            floods,
            UUID.randomUUID().toString());
    BeforeCommit beforeCommit = context.getStateStore(OUTBOX_STORE);
    beforeCommit.run(
        context,
        () -> {
          state.outbox().send();
          state.progress().store();
        });
    attachment = new Attachment(context, state);
    AnswerPace<PartitionState> answers = new AnswerPace<>(context, store.questions(), state);
    var _ =
        context.schedule(
            CHECKS,
            PunctuationType.WALL_CLOCK_TIME,
            _ -> {
              announce(context, floods);
              answers.look();
            });
    store.watch(floods);
    store.questions().open();
    store.activate();
  }

  private void announce(ProcessorContext<String, Object> context, FloodControl floods) {
    long now = clock.millis();
    for (Quarantine event : floods.due(now)) {
      metrics.quarantined(event.getState());
      log.warn(
          "Flood control partition={} state={} images={} explanation={}",
          event.getPartition(),
          event.getState(),
          event.getImages(),
          event.getExplanation());
      context.forward(
          new Record<>(event.getFingerprint(), QuarantineEvents.event(event), now), MATCHES);
    }
  }

  @Override
  public void close() {
    Attachment attached = attachment;
    if (attached != null) {
      attached.state().store().watch(null);
      attached.state().store().questions().close();
      attached.state().store().deactivate();
      attachment = null;
    }
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    Attachment attached = attachment;
    if (attached == null) {
      throw new IllegalStateException("process before init");
    }
    @Nullable RecordMetadata at = attached.context().recordMetadata().orElse(null);
    boolean isProbe = at != null && at.topic().equals(probesTopic);
    try {
      if (isProbe) {
        processProbes(attached, record.value(), at);
      } else {
        processPlacement(attached, RecordChecks.imageId(record.key()), record.value());
      }
    } catch (DefectiveRecordException e) {
      leaveOut(isProbe, at, e);
    }
  }

  private void processPlacement(Attachment attached, String id, byte @Nullable [] value)
      throws DefectiveRecordException {
    PartitionState state = attached.state();
    if (value == null) {
      state.remove(id);
      return;
    }
    Placement placement = PlacementRows.parse(value, geometry, state.partition());
    long now = clock.millis();
    if (retention.end(placement) <= now) {
      // It has ended on its way, while no instance ran for example. Placement removes it, too.
      state.remove(id);
    } else {
      arrivals.arrive(attached.context(), state, id, value, placement, now);
    }
  }

  private void processProbes(
      Attachment attached, byte @Nullable [] value, @Nullable RecordMetadata at)
      throws DefectiveRecordException {
    PartitionState state = attached.state();
    for (Probe probe : ReceivedProbe.parse(value)) {
      try {
        probes.arrive(
            attached.context(),
            state,
            ReceivedProbe.of(probe, geometry, state.partition()),
            clock.millis());
      } catch (DefectiveRecordException e) {
        leaveOut(true, at, e);
      }
    }
  }

  private void leaveOut(boolean isProbe, @Nullable RecordMetadata at, DefectiveRecordException e) {
    leftOut.add(
        isProbe ? LeftOutRecords.Source.PROBES : LeftOutRecords.Source.CODE_PLACEMENTS, at, e);
  }
}
