package dev.mekiki.index.groups;

import com.google.protobuf.util.Timestamps;
import dev.mekiki.hashing.group.Content;
import dev.mekiki.hashing.group.ContentGroups;
import dev.mekiki.hashing.group.GroupMessage.Reported;
import dev.mekiki.hashing.group.PairEnd;
import dev.mekiki.hashing.group.ReportedPair;
import dev.mekiki.index.record.DefectiveRecordException;
import dev.mekiki.index.record.LeftOutRecords;
import dev.mekiki.index.record.RecordChecks;
import dev.mekiki.index.streamsinternals.BeforeCommit;
import dev.mekiki.runtime.match.MatchEvents;
import dev.mekiki.schemas.topic.Topics;
import dev.mekiki.schemas.v1.GroupMessage;
import dev.mekiki.schemas.v1.Match;
import dev.mekiki.schemas.v1.Retraction;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.errors.TaskCorruptedException;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes what is sent to a partition of contents, and hands the pairs of events on to the partitions
/// of their contents. Messages go to the child {@link #MESSAGES}, groups to {@link #GROUPS},
/// retractions to {@link #RETRACTIONS}. Owned by one stream thread.
///
/// A group is written at most once a second, however often it changes. The records of groups are
/// also read: what an index has left that was begun anew since is withdrawn.
public final class GroupProcessor implements Processor<byte[], byte[], String, Object> {
  private static final Logger log = LoggerFactory.getLogger(GroupProcessor.class);

  /// Name of the store of contents, pairs and tasks.
  public static final String STORE = "groups";

  /// Name of the store that sends what waits before each commit.
  public static final String OUTBOX_STORE = "group-outbox";

  /// Name of the sink of messages.
  public static final String MESSAGES = "group-messages-sink";

  /// Name of the sink of groups.
  public static final String GROUPS = "groups-sink";

  /// Name of the sink of retractions.
  public static final String RETRACTIONS = "retractions-sink";

  /// How often groups are written, and work that waits is done.
  private static final Duration INTERVAL = Duration.ofSeconds(1);

  /// How long that may take at once: the task's records wait meanwhile.
  private static final long BUDGET_NANOS = Duration.ofMillis(200).toNanos();

  /// How many groups, pieces of work or reminders are dealt with before the clock is read.
  private static final int PART = 100;

  private final String generation;
  private final GroupSettings settings;
  private final String matchesTopic;
  private final String groupsTopic;
  private final Verdicts verdicts;
  private final InstantSource clock;
  private final GroupMetrics metrics;
  private final LeftOutRecords leftOut;
  private final SentMessages messages;
  private @Nullable Attachment attachment;

  /// What the task gives the processor at init.
  private record Attachment(
      ProcessorContext<String, Object> context,
      int partition,
      ContentGroups groups,
      GroupOutbox outbox,
      GroupPublisher publisher,
      VerdictSweep sweep) {}

  /// @param generation id of the generation served
  /// @param settings how groups are kept
  /// @param topics records from `matches` are events, those from `groups` groups, all others
  ///   messages
  /// @param verdicts which pairs somebody has dismissed
  /// @param clock stamps records
  /// @param metrics counts what is done
  /// @param leftOut counts defective records
  public GroupProcessor(
      String generation,
      GroupSettings settings,
      Topics topics,
      Verdicts verdicts,
      InstantSource clock,
      GroupMetrics metrics,
      LeftOutRecords leftOut) {
    this.generation = generation;
    this.settings = settings;
    this.matchesTopic = topics.matches();
    this.groupsTopic = topics.groups();
    this.verdicts = verdicts;
    this.clock = clock;
    this.metrics = metrics;
    this.leftOut = leftOut;
    messages = new SentMessages(settings);
  }

  @Override
  public void init(ProcessorContext<String, Object> context) {
    KeyValueStore<Bytes, byte[]> store = context.getStateStore(STORE);
    EntryWriter entries = new EntryWriter(store, cause -> damaged(context.taskId(), cause));
    ContentStore contents = new ContentStore(entries);
    GroupOutbox outbox =
        new GroupOutbox(
            settings.partitions(),
            record -> context.forward(new Record<>(null, record, clock.millis()), MESSAGES));
    ContentGroups groups =
        new ContentGroups(
            contents,
            new PairStore(entries, settings),
            new TaskStore(entries),
            outbox::add,
            (pair, end) -> retract(context, pair, end),
            verdicts::isDismissed,
            clock::millis);
    GroupPublisher publisher =
        new GroupPublisher(
            contents,
            new GroupRecords(contents.rows(), settings),
            (id, record) -> context.forward(new Record<>(id, record, clock.millis()), GROUPS),
            clock,
            metrics);
    Attachment attached =
        new Attachment(
            context,
            context.taskId().partition(),
            groups,
            outbox,
            publisher,
            new VerdictSweep(verdicts, groups, contents));
    BeforeCommit beforeCommit = context.getStateStore(OUTBOX_STORE);
    beforeCommit.run(
        context,
        () -> {
          groups.settle();
          outbox.send();
        });
    var _ = context.schedule(INTERVAL, PunctuationType.WALL_CLOCK_TIME, _ -> catchUp(attached));
    attachment = attached;
  }

  /// What makes Kafka Streams wipe the task's files and read the changelog again.
  private static TaskCorruptedException damaged(TaskId task, Exception cause) {
    log.warn("State is damaged and is read again from the topic task={}", task, cause);
    return new TaskCorruptedException(Set.of(task));
  }

  @Override
  public void close() {
    Attachment attached = attachment;
    if (attached != null) {
      attached.sweep().close();
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
    String topic = at == null ? "" : at.topic();
    try {
      if (topic.equals(matchesTopic)) {
        handOn(attached, record);
      } else if (topic.equals(groupsTopic)) {
        notice(attached, record);
      } else {
        take(attached, record.value(), at);
      }
    } catch (DefectiveRecordException e) {
      leftOut.add(
          topic.equals(matchesTopic)
              ? LeftOutRecords.Source.MATCHES
              : topic.equals(groupsTopic)
                  ? LeftOutRecords.Source.GROUPS
                  : LeftOutRecords.Source.GROUP_MESSAGES,
          at,
          e);
    }
  }

  private void notice(Attachment attached, Record<byte[], byte[]> group)
      throws DefectiveRecordException {
    byte @Nullable [] value = group.value();
    if (value == null) {
      return;
    }
    Content content = GroupRecords.content(group.key());
    RecordChecks.range(
        "key",
        content.partition(settings.partitions()),
        attached.partition(),
        attached.partition());
    attached.groups().recorded(content);
  }

  /// An event lies where the id of its later image says; each of its images gets a message.
  private void handOn(Attachment attached, Record<byte[], byte[]> event)
      throws DefectiveRecordException {
    @Nullable ReportedMatch pair =
        MatchRecords.parse(event.headers(), event.value(), generation, settings);
    if (pair == null) {
      return;
    }
    metrics.pairs.increment();
    attached.outbox().add(new Reported(pair.later().content(), pair));
    if (!pair.later().content().equals(pair.earlier().content())) {
      attached.outbox().add(new Reported(pair.earlier().content(), pair));
    }
  }

  private void take(Attachment attached, byte @Nullable [] value, @Nullable RecordMetadata at)
      throws DefectiveRecordException {
    for (GroupMessage message : SentMessages.parse(value)) {
      try {
        attached.groups().accept(messages.message(message, attached.partition()));
        metrics.messages.increment();
      } catch (DefectiveRecordException e) {
        leftOut.add(LeftOutRecords.Source.GROUP_MESSAGES, at, e);
      }
    }
  }

  private void retract(ProcessorContext<String, Object> context, ReportedPair pair, PairEnd end) {
    if (!(pair instanceof ReportedMatch reported)) {
      throw new IllegalStateException("pair: %s (expected: one of an event)".formatted(pair));
    }
    long now = clock.millis();
    Match match =
        reported.match().toBuilder()
            .setRetraction(
                Retraction.newBuilder()
                    .setImageId(pair.side(end.role()).id())
                    .setReason(GroupProtos.proto(end.reason()))
                    .setTime(Timestamps.fromMillis(now)))
            .build();
    // Without headers of the message: those of an event are its attributes.
    context.forward(
        new Record<>(match.getLater().getId(), MatchEvents.retraction(match), now), RETRACTIONS);
    metrics.retractions.increment();
  }

  /// Writes the groups that have changed, and goes on with what was too much at once, as long as
  /// that may take.
  private void catchUp(Attachment attached) {
    long start = System.nanoTime();
    boolean goesOn = true;
    while (goesOn && System.nanoTime() - start < BUDGET_NANOS) {
      goesOn = attached.sweep().step(PART);
      goesOn |= attached.groups().work(1);
      goesOn |= attached.groups().remind(PART);
      goesOn |= attached.groups().publish(attached.publisher(), PART);
    }
  }
}
