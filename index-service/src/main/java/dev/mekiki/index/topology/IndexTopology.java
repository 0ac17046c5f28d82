package dev.mekiki.index.topology;

import dev.mekiki.hashing.match.PairFilter;
import dev.mekiki.index.copies.CopyProcessor;
import dev.mekiki.index.eras.KnownEras;
import dev.mekiki.index.expiry.Expiry;
import dev.mekiki.index.groups.GroupAnnouncer;
import dev.mekiki.index.groups.GroupPartitioner;
import dev.mekiki.index.groups.GroupProcessor;
import dev.mekiki.index.history.ImageHistory;
import dev.mekiki.index.metadata.FilterableKeys;
import dev.mekiki.index.partition.HostedPartitions;
import dev.mekiki.index.partition.MatchProcessor;
import dev.mekiki.index.partition.MatchSettings;
import dev.mekiki.index.partition.PartitionMetrics;
import dev.mekiki.index.placement.ActivePlacements;
import dev.mekiki.index.placement.PlacementMetrics;
import dev.mekiki.index.placement.PlacementProcessor;
import dev.mekiki.index.placement.RoutedPlacement;
import dev.mekiki.index.placement.RoutedPlacementSerializer;
import dev.mekiki.index.probe.OutgoingProbes;
import dev.mekiki.index.probe.OutgoingProbesSerializer;
import dev.mekiki.index.record.LeftOutRecords;
import dev.mekiki.index.store.PlainStore;
import dev.mekiki.index.streamsinternals.BeforeCommit;
import dev.mekiki.runtime.generation.GenerationGeometry;
import dev.mekiki.schemas.image.Retention;
import dev.mekiki.schemas.serde.ProtobufSerde;
import dev.mekiki.schemas.topic.TopicSpec;
import dev.mekiki.schemas.topic.Topics;
import dev.mekiki.schemas.v1.CopyCandidate;
import dev.mekiki.schemas.v1.DeletedImage;
import dev.mekiki.schemas.v1.PlacedImage;
import io.cloudevents.kafka.CloudEventSerializer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.WallclockTimestampExtractor;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

/// The topology of one generation.
///
///     image-codes -> placement (stores placed-images, image-ends) -> code-placements
///     code-placements, probes -> partition-index (stores placements, probe-progress)
///                             -> matches, reported, probes
///     image-landmarks, landmark-probes
///         -> copies (stores landmarks, landmark-probe-progress, landmark-ends)
///         -> copy-candidates, landmark-probes
///     matches, group-messages, groups
///         -> groups (store groups) -> groups, matches, group-messages
///
/// The third part is there if copies are looked for, the last if groups are kept; then placement
/// writes to `group-messages`, too.
///
/// Sources read bytes: each processor parses its records and leaves out those it cannot use. The
/// timestamps of input records are ignored: they decide nothing, a broker refuses to take some of
/// them again on a changelog, and compaction counts from the time of writing.
///
/// `code-placements` is sink of the first and source of the second, which cuts the topology in two.
/// `probes` is both in the second: a task sends them to other tasks of its own kind, one partition
/// each. Sub-topology numbers name the state directories and follow the order in which the parts are
/// added: keep it, or count {@link Topics#TOPOLOGY} up. What can be switched on and off comes last:
/// groups, before them copies. If groups are kept, switching copies moves them to another number,
/// and their state is read again from its changelog.
///
/// @param names of the topics
/// @param geometry the generation
/// @param filterable which metadata searches may filter by
/// @param retention of images
/// @param matching what is a match
/// @param filter leaves out pairs that match
/// @param hosted where open stores are published
/// @param clock stamps placements and matches, and says which images have ended
/// @param placementMetrics counts what placement does
/// @param partitionMetrics counts what the partition index does
/// @param leftOut counts defective records
/// @param activePlacements where placement's active stores are published
/// @param eras by which generations share pairs out
/// @param copies the search for copies; null if it is off
/// @param groups groups; null if none are kept
public record IndexTopology(
    IndexNames names,
    GenerationGeometry geometry,
    FilterableKeys filterable,
    Retention retention,
    MatchSettings matching,
    PairFilter filter,
    HostedPartitions hosted,
    InstantSource clock,
    PlacementMetrics placementMetrics,
    PartitionMetrics partitionMetrics,
    LeftOutRecords leftOut,
    ActivePlacements activePlacements,
    KnownEras eras,
    @Nullable CopyTopology copies,
    @Nullable GroupTopology groups) {
  /// The largest value on a changelog: a code, which fills a record on its own topic at most, and
  /// what is known of its placement.
  public static final int CHANGELOG_RECORD_BYTES = 2 << 20;

  static final String CODES_SOURCE = "image-codes";
  static final String PLACEMENT = "placement";
  private static final String PLACEMENTS_SOURCE = "code-placements";
  static final String PARTITION_INDEX = "partition-index";
  private static final String PROBES_SOURCE = "probes";
  private static final String LANDMARKS_SOURCE = "image-landmarks";
  private static final String LANDMARK_PROBES_SOURCE = "landmark-probes";
  static final String COPIES = "copies";
  private static final String MATCHES_SOURCE = "reported-matches";
  private static final String GROUP_MESSAGES_SOURCE = "group-messages";
  private static final String GROUPS_SOURCE = "groups";
  static final String GROUPS = "keep-groups";

  /// All sub-topologies.
  public Topology build() {
    Topology topology = new Topology();
    addPlacement(topology);
    topology.addSink(
        PlacementProcessor.PLACEMENTS,
        names.codePlacements(),
        new StringSerializer(),
        new RoutedPlacementSerializer(),
        new NamedPartition<>(geometry.partitions(), RoutedPlacement::partition),
        PLACEMENT);
    if (groups != null) {
      addMessages(topology, GroupAnnouncer.MESSAGES, groups, PLACEMENT);
    }
    addPartitionIndex(topology);
    topology.addSink(
        MatchProcessor.PROBES,
        names.probes(),
        new StringSerializer(),
        new OutgoingProbesSerializer(),
        new NamedPartition<>(geometry.partitions(), OutgoingProbes::partition),
        PARTITION_INDEX);
    if (copies != null) {
      addCopies(topology, copies);
      topology.addSink(
          CopyProcessor.PROBES,
          names.landmarkProbes(),
          new StringSerializer(),
          new OutgoingProbesSerializer(),
          new NamedPartition<>(copies.settings().partitions(), OutgoingProbes::partition),
          COPIES);
    }
    if (groups != null) {
      addGroups(topology, groups);
      addMessages(topology, GroupProcessor.MESSAGES, groups, GROUPS);
    }
    return topology;
  }

  /// A sink of messages to contents.
  private void addMessages(Topology topology, String sink, GroupTopology parts, String parent) {
    topology.addSink(
        sink,
        names.groupMessages(),
        new StringSerializer(),
        new OutgoingProbesSerializer(),
        new NamedPartition<>(parts.settings().partitions(), OutgoingProbes::partition),
        parent);
  }

  /// Groups without the sink of messages.
  void addGroups(Topology topology, GroupTopology parts) {
    addSource(topology, MATCHES_SOURCE, names.topics().matches());
    addSource(topology, GROUP_MESSAGES_SOURCE, names.groupMessages());
    addSource(topology, GROUPS_SOURCE, names.topics().groups());
    topology.addProcessor(
        GROUPS,
        () ->
            new GroupProcessor(
                geometry.id(),
                parts.settings(),
                names.topics(),
                parts.verdicts(),
                clock,
                parts.metrics(),
                leftOut),
        MATCHES_SOURCE,
        GROUP_MESSAGES_SOURCE,
        GROUPS_SOURCE);
    topology.addStateStore(
        Stores.keyValueStoreBuilder(
                PlainStore.supplier(GroupProcessor.STORE), Serdes.Bytes(), Serdes.ByteArray())
            .withLoggingEnabled(changelogConfig()),
        GROUPS);
    topology.addStateStore(BeforeCommit.builder(GroupProcessor.OUTBOX_STORE), GROUPS);
    topology.addSink(
        GroupProcessor.GROUPS,
        names.topics().groups(),
        new StringSerializer(),
        new ByteArraySerializer(),
        new GroupPartitioner(),
        GROUPS);
    topology.addSink(
        GroupProcessor.RETRACTIONS,
        names.topics().matches(),
        new StringSerializer(),
        new CloudEventSerializer(),
        GROUPS);
  }

  /// The search for copies without the sink of probes.
  void addCopies(Topology topology, CopyTopology parts) {
    addSource(topology, LANDMARKS_SOURCE, names.topics().imageLandmarks(geometry.network()));
    addSource(topology, LANDMARK_PROBES_SOURCE, names.landmarkProbes());
    topology.addProcessor(
        COPIES,
        () ->
            new CopyProcessor(
                geometry,
                parts.settings(),
                parts.filter(),
                names.landmarkProbes(),
                parts.hosted(),
                retention,
                clock,
                eras,
                parts.decisions(),
                parts.metrics(),
                leftOut),
        LANDMARKS_SOURCE,
        LANDMARK_PROBES_SOURCE);
    topology.addStateStore(parts.hosted().storeBuilder(changelogConfig()), COPIES);
    topology.addStateStore(
        Stores.keyValueStoreBuilder(
                PlainStore.supplier(CopyProcessor.PROGRESS_STORE), Serdes.Integer(), Serdes.Long())
            .withLoggingEnabled(changelogConfig()),
        COPIES);
    topology.addStateStore(ends(Expiry.LANDMARKS_STORE), COPIES);
    topology.addStateStore(deleted(ImageHistory.LANDMARKS_STORE), COPIES);
    topology.addStateStore(BeforeCommit.builder(CopyProcessor.OUTBOX_STORE), COPIES);
    topology.addSink(
        CopyProcessor.CANDIDATES,
        names.topics().copyCandidates(),
        new StringSerializer(),
        ProtobufSerde.of(CopyCandidate.getDefaultInstance()).serializer(),
        COPIES);
    topology.addSink(
        CopyProcessor.QUARANTINES,
        names.topics().matches(),
        new StringSerializer(),
        new CloudEventSerializer(),
        COPIES);
  }

  /// Placement without its sink.
  void addPlacement(Topology topology) {
    addSource(topology, CODES_SOURCE, names.topics().imageCodes(geometry.network()));
    topology.addProcessor(
        PLACEMENT,
        () ->
            new PlacementProcessor(
                geometry,
                filterable,
                matching.inEvents(),
                retention,
                clock,
                placementMetrics,
                leftOut,
                activePlacements,
                eras,
                groups == null ? null : groups.settings()),
        CODES_SOURCE);
    if (groups != null) {
      topology.addStateStore(BeforeCommit.builder(GroupAnnouncer.OUTBOX_STORE), PLACEMENT);
    }
    topology.addStateStore(
        Stores.keyValueStoreBuilder(
                PlainStore.supplier(PlacementProcessor.STORE),
                Serdes.String(),
                ProtobufSerde.of(PlacedImage.getDefaultInstance()))
            .withLoggingEnabled(changelogConfig()),
        PLACEMENT);
    topology.addStateStore(ends(Expiry.IMAGES_STORE), PLACEMENT);
    topology.addStateStore(deleted(ImageHistory.IMAGES_STORE), PLACEMENT);
  }

  /// A store of images that were deleted.
  private StoreBuilder<KeyValueStore<String, DeletedImage>> deleted(String name) {
    return Stores.keyValueStoreBuilder(
            PlainStore.supplier(name),
            Serdes.String(),
            ProtobufSerde.of(DeletedImage.getDefaultInstance()))
        .withLoggingEnabled(changelogConfig());
  }

  /// A store of the ends of images. It is there whether any image ends or not: the first that does
  /// may come at any time. Empty, it costs its changelog, and nothing for an image.
  private StoreBuilder<KeyValueStore<Bytes, byte[]>> ends(String name) {
    return Stores.keyValueStoreBuilder(
            PlainStore.supplier(name), Serdes.Bytes(), Serdes.ByteArray())
        .withLoggingEnabled(changelogConfig());
  }

  /// The changelog keeps tombstones as long as the other topics do: one rule decides how old state
  /// may be.
  private Map<String, String> changelogConfig() {
    return Map.of(
        TopicConfig.DELETE_RETENTION_MS_CONFIG,
        Long.toString(deleteRetention().toMillis()),
        TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
        Integer.toString(CHANGELOG_RECORD_BYTES));
  }

  /// How long topics keep a tombstone after compaction could remove it. State that has not read
  /// along for so long may miss deletes.
  public Duration deleteRetention() {
    TopicSpec spec =
        TopicSpec.codePlacements(
            names.topics(), geometry.id(), names.run(), geometry.partitions(), (short) 1);
    return Duration.ofMillis(
        Long.parseLong(spec.config().getOrDefault(TopicConfig.DELETE_RETENTION_MS_CONFIG, "0")));
  }

  /// The partition index without the sink of probes.
  void addPartitionIndex(Topology topology) {
    addSource(topology, PLACEMENTS_SOURCE, names.codePlacements());
    addSource(topology, PROBES_SOURCE, names.probes());
    topology.addProcessor(
        PARTITION_INDEX,
        () ->
            new MatchProcessor(
                geometry,
                matching,
                filter,
                names.probes(),
                hosted,
                retention,
                clock,
                partitionMetrics,
                leftOut),
        PLACEMENTS_SOURCE,
        PROBES_SOURCE);
    topology.addStateStore(hosted.storeBuilder(changelogConfig()), PARTITION_INDEX);
    topology.addStateStore(
        Stores.keyValueStoreBuilder(
                PlainStore.supplier(MatchProcessor.PROGRESS_STORE), Serdes.Integer(), Serdes.Long())
            .withLoggingEnabled(changelogConfig()),
        PARTITION_INDEX);
    topology.addStateStore(BeforeCommit.builder(MatchProcessor.OUTBOX_STORE), PARTITION_INDEX);
    topology.addSink(
        MatchProcessor.MATCHES,
        names.topics().matches(),
        new StringSerializer(),
        new CloudEventSerializer(),
        PARTITION_INDEX);
    topology.addSink(
        MatchProcessor.REPORTED,
        names.reported(),
        new StringSerializer(),
        new ByteArraySerializer(),
        PARTITION_INDEX);
  }

  private static void addSource(Topology topology, String name, String topic) {
    topology.addSource(
        AutoOffsetReset.earliest(),
        name,
        new WallclockTimestampExtractor(),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer(),
        topic);
  }
}
