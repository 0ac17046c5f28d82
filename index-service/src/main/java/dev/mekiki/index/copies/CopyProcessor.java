package dev.mekiki.index.copies;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import dev.mekiki.hashing.match.CopyRule;
import dev.mekiki.hashing.match.PairFilter;
import dev.mekiki.hashing.match.PlacedRevision;
import dev.mekiki.index.copies.ReceivedLandmarks.Arrived;
import dev.mekiki.index.copies.ReceivedLandmarks.Probed;
import dev.mekiki.index.eras.KnownEras;
import dev.mekiki.index.eras.TaskEras;
import dev.mekiki.index.expiry.Expiry;
import dev.mekiki.index.flood.FloodControl;
import dev.mekiki.index.history.ImageHistory;
import dev.mekiki.index.history.Standing;
import dev.mekiki.index.probe.OutgoingProbes;
import dev.mekiki.index.probe.ProbeProgress;
import dev.mekiki.index.questions.AnswerPace;
import dev.mekiki.index.record.DefectiveRecordException;
import dev.mekiki.index.record.LeftOutRecords;
import dev.mekiki.index.record.RecordChecks;
import dev.mekiki.index.streamsinternals.BeforeCommit;
import dev.mekiki.runtime.generation.GenerationGeometry;
import dev.mekiki.runtime.match.CopyRevisions;
import dev.mekiki.runtime.match.QuarantineEvents;
import dev.mekiki.schemas.image.DeleteTime;
import dev.mekiki.schemas.image.Retention;
import dev.mekiki.schemas.v1.CopyImage;
import dev.mekiki.schemas.v1.ImageLandmarks;
import dev.mekiki.schemas.v1.LandmarkProbe;
import dev.mekiki.schemas.v1.Quarantine;
import dev.mekiki.schemas.v1.ReadDecisions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.UUID;
import java.util.function.Supplier;
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

/// Takes what arrives at a partition of landmarks: landmarks of images, which are stored, looked up
/// here and sent as a probe to every other partition; and the probes of those. Which of two
/// partitions passes a pair on is decided by {@link CopyRule}. Pairs go to the child {@link
/// #CANDIDATES}, probes to {@link #PROBES}. Owned by one stream thread.
public final class CopyProcessor implements Processor<byte[], byte[], String, Object> {
  /// Name of the store of {@link ProbeProgress}.
  public static final String PROGRESS_STORE = "landmark-probe-progress";

  /// Name of the store that sends what waits before each commit.
  public static final String OUTBOX_STORE = "landmark-outbox";

  /// Name of the sink of pairs.
  public static final String CANDIDATES = "copy-candidates";

  /// Name of the sink of events about what is in quarantine.
  public static final String QUARANTINES = "copy-quarantines";

  private static final Duration CHECKS = Duration.ofSeconds(1);

  /// Name of the sink of {@link OutgoingProbes}.
  public static final String PROBES = "landmark-probes-sink";

  private static final Logger log = LoggerFactory.getLogger(CopyProcessor.class);

  private final int bits;
  private final String generation;
  private final CopySettings settings;
  private final String probesTopic;
  private final HostedLandmarks hosted;
  private final Retention retention;
  private final InstantSource clock;
  private final CopyMetrics metrics;
  private final LeftOutRecords leftOut;
  private final CopyRule rule;
  private final TaskEras eras;
  private final CandidateEmitter emitter;
  private @Nullable Attachment attachment;

  /// What the task gives the processor at init.
  private record Attachment(ProcessorContext<String, Object> context, CopyState state) {}

  /// @param geometry the generation served
  /// @param settings how copies are looked for
  /// @param filter leaves out pairs that may be copies
  /// @param probesTopic records from it are probes, all others are landmarks
  /// @param hosted has the store of the task's partition
  /// @param retention of images
  /// @param clock stamps records, and says which images have ended
  /// @param eras by which generations share pairs out
  /// @param decisions how far those were read that the filter follows
  /// @param metrics counts candidates and probes
  /// @param leftOut counts defective records
  public CopyProcessor(
      GenerationGeometry geometry,
      CopySettings settings,
      PairFilter filter,
      String probesTopic,
      HostedLandmarks hosted,
      Retention retention,
      InstantSource clock,
      KnownEras eras,
      Supplier<ReadDecisions> decisions,
      CopyMetrics metrics,
      LeftOutRecords leftOut) {
    this.bits = geometry.bits();
    this.generation = geometry.id();
    this.settings = settings;
    this.probesTopic = probesTopic;
    this.hosted = hosted;
    this.retention = retention;
    this.clock = clock;
    this.metrics = metrics;
    this.leftOut = leftOut;
    this.eras = new TaskEras(eras);
    rule = new CopyRule(settings.policy(), filter);
    emitter =
        new CandidateEmitter(
            new CandidateFinder(geometry, settings, retention, decisions), metrics);
  }

  @Override
  public void init(ProcessorContext<String, Object> context) {
    int partition = context.taskId().partition();
    eras.opened();
    KeyValueStore<Bytes, byte[]> logged = context.getStateStore(LandmarkStore.NAME);
    KeyValueStore<Integer, Long> known = context.getStateStore(PROGRESS_STORE);
    LandmarkStore store =
        hosted
            .stores()
            .partition(partition)
            .orElseThrow(() ->
                new IllegalStateException(
                    "landmarks of partition %d: closed".formatted(partition)));
    LandmarkOutbox outbox =
        new LandmarkOutbox(
            settings.partitions(),
            probes -> context.forward(new Record<>(null, probes, clock.millis()), PROBES));
    ProbeProgress progress = new ProbeProgress(known, settings.partitions());
    BeforeCommit beforeCommit = context.getStateStore(OUTBOX_STORE);
    beforeCommit.run(
        context,
        () -> {
          outbox.send();
          progress.store();
        });
    ImageHistory history =
        new ImageHistory(context.getStateStore(ImageHistory.LANDMARKS_STORE), retention, clock);
    history.start(context);
    Expiry<CopyImage> expiry =
        new Expiry<>(
            context.getStateStore(Expiry.LANDMARKS_STORE),
            new ExpiringCopies(logged, store, history),
            retention,
            clock,
            metrics.expired);
    expiry.start(context);
    FloodControl floods =
        new FloodControl(
            settings.floods(), settings.origins().tenantsShared(), generation, partition, true);
    CopyState state =
        new CopyState(
            logged, store, progress, outbox, expiry, history, floods, UUID.randomUUID().toString());
    attachment = new Attachment(context, state);
    AnswerPace<CopyState> answers = new AnswerPace<>(context, store.questions(), state);
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
      log.warn(
          "Flood control of copies partition={} state={} images={} explanation={}",
          event.getPartition(),
          event.getState(),
          event.getImages(),
          event.getExplanation());
      context.forward(
          new Record<>(event.getFingerprint(), QuarantineEvents.event(event), now), QUARANTINES);
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
      } else if (!eras.isMarker(record)) {
        processLandmarks(attached, RecordChecks.imageId(record.key()), record);
      }
    } catch (DefectiveRecordException e) {
      leaveOut(isProbe, at, e);
    }
  }

  private void processLandmarks(Attachment attached, String id, Record<byte[], byte[]> record)
      throws DefectiveRecordException {
    byte @Nullable [] value = record.value();
    if (value != null) {
      arrive(attached, id, ReceivedLandmarks.arrived(value, bits).in(eras));
    } else {
      remove(attached, id, DeleteTime.in(record.headers()));
    }
  }

  /// @param deleted when it was deleted; null where its landmarks are gone for another reason
  private void remove(Attachment attached, String id, @Nullable Timestamp deleted) {
    @Nullable StoredCopy known = attached.state().store().copy(id).orElse(null);
    if (attached.state().history().isDeletedAgain(id, standing(known), deleted)) {
      metrics.sentAgain.increment();
      return;
    }
    if (deleted != null) {
      attached.state().history().deleted(id, standing(known), deleted);
    } else if (known != null) {
      attached.state().history().gone(id, known.standing());
    }
    if (known != null) {
      attached.state().remove(id, known);
    }
  }

  private static @Nullable Standing standing(@Nullable StoredCopy copy) {
    return copy == null ? null : copy.standing();
  }

  /// Stores an image, looks it up here, and asks the other partitions. It stands in the store
  /// before any probe is sent; on that the proof of the rule rests.
  private void arrive(Attachment attached, String id, Arrived arrived) {
    CopyImage image = arrived.image();
    @Nullable StoredCopy standing = attached.state().store().copy(id).orElse(null);
    if (standing != null && CopyImages.isStale(image, standing.image())) {
      metrics.stale.increment();
      return;
    }
    if (attached
        .state()
        .history()
        .isSentAgain(id, standing(standing), image.getSha256(), image.getImageTime())) {
      metrics.sentAgain.increment();
      return;
    }
    boolean hasEnded = attached.state().expiry().hasEnded(image);
    if (standing != null && (hasEnded || attached.state().expiry().hasEnded(standing.image()))) {
      // Whatever comes after an end is a new image, also where the sweep was not there yet.
      metrics.expired.increment();
      attached.state().history().gone(id, standing.standing());
      attached.state().remove(id, standing);
      standing = null;
    }
    if (hasEnded) {
      return;
    }
    if (standing != null
        && standing.image().getSha256().equals(image.getSha256())
        && standing.image().getTenant().equals(image.getTenant())) {
      repeat(attached, id, standing, arrived);
      return;
    }
    PlacedRevision revision = CopyRevisions.of(id, image);
    if (attached.state().floods().holdsBack(revision, true)
        || rule.filter().leavesOutAllOf(revision)) {
      metrics.heldBack.increment();
      // It asks nobody, so it has no sequence: whoever asks for it later meets it.
      attached.state().put(id, standing, arrived.copy(image, 0));
      return;
    }
    long sequence = attached.state().progress().nextSequence();
    attached.state().put(id, standing, arrived.copy(image, sequence));
    emitter.emit(
        attached.context(),
        attached.state().store(),
        revision,
        image,
        arrived.sought(),
        attached.state().floods(),
        (candidate, _) -> rule.onArrival(revision, candidate),
        clock.millis());
    if (!arrived.sought().isNothing()) {
      probe(attached, id, sequence, arrived.record());
    }
  }

  /// Takes over where the picture of a later record of the same bytes lies, and by what it is
  /// found: landmarks may have been filled in again. A program that knows no fingerprints takes
  /// none away.
  private static void repeat(Attachment attached, String id, StoredCopy standing, Arrived arrived) {
    StoredCopy repeated =
        arrived.copy(CopyImages.repeated(standing.image(), arrived.image()), standing.sequence());
    if (arrived.sought().fingerprints().parts().isEmpty()) {
      repeated = repeated.trimmedAs(standing);
    }
    if (!Arrays.equals(repeated.toBytes(), standing.toBytes())) {
      attached.state().put(id, standing, repeated);
    }
  }

  private void probe(Attachment attached, String id, long sequence, ImageLandmarks landmarks) {
    int here = attached.state().store().partition();
    LandmarkProbe.Builder probe =
        LandmarkProbe.newBuilder()
            .setFrom(here)
            .setSequence(sequence)
            .setImageId(ByteString.copyFromUtf8(id))
            .setImage(landmarks.getImage())
            .setSought(landmarks.getSought())
            .setSoughtFingerprints(landmarks.getSoughtFingerprints());
    for (int partition = 0; partition < settings.partitions(); partition++) {
      if (partition != here) {
        attached
            .state()
            .outbox()
            .add(
                probe.setSeen(attached.state().progress().lastProcessed(partition)).build(),
                partition);
      }
    }
  }

  private void processProbes(
      Attachment attached, byte @Nullable [] value, @Nullable RecordMetadata at)
      throws DefectiveRecordException {
    for (LandmarkProbe probe : ReceivedLandmarks.probes(value)) {
      try {
        arrive(
            attached,
            ReceivedLandmarks.probed(
                probe, settings.partitions(), attached.state().store().partition(), bits));
      } catch (DefectiveRecordException e) {
        leaveOut(true, at, e);
      }
    }
  }

  private void arrive(Attachment attached, Probed probe) {
    if (!attached.state().progress().processed(probe.from(), probe.sequence())) {
      metrics.probesRepeated.increment();
    }
    metrics.probesProcessed.increment();
    PlacedRevision revision = CopyRevisions.of(probe.id(), probe.image());
    if (attached.state().expiry().hasEnded(probe.image())) {
      return;
    }
    if (attached.state().floods().holdsBack(revision, false)
        || rule.filter().leavesOutAllOf(revision)) {
      metrics.heldBack.increment();
      return;
    }
    emitter.emit(
        attached.context(),
        attached.state().store(),
        revision,
        probe.image(),
        probe.sought(),
        attached.state().floods(),
        (candidate, row) -> rule.onProbe(revision, probe.seen(), candidate, row.sequence()),
        clock.millis());
  }

  private void leaveOut(boolean isProbe, @Nullable RecordMetadata at, DefectiveRecordException e) {
    leftOut.add(
        isProbe ? LeftOutRecords.Source.LANDMARK_PROBES : LeftOutRecords.Source.IMAGE_LANDMARKS,
        at,
        e);
  }
}
