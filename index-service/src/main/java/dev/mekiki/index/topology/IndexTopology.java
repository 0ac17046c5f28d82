package dev.mekiki.index.topology;

import dev.mekiki.index.metadata.FilterableKeys;
import dev.mekiki.index.partition.HostedPartitions;
import dev.mekiki.index.partition.MatchProcessor;
import dev.mekiki.index.partition.MatchSettings;
import dev.mekiki.index.partition.PartitionMetrics;
import dev.mekiki.index.placement.PlacementMetrics;
import dev.mekiki.index.placement.PlacementPartitioner;
import dev.mekiki.index.placement.PlacementProcessor;
import dev.mekiki.index.placement.RoutedPlacementSerializer;
import dev.mekiki.runtime.generation.GenerationGeometry;
import dev.mekiki.schemas.serde.ProtobufSerde;
import dev.mekiki.schemas.topic.TopicSpec;
import dev.mekiki.schemas.topic.Topics;
import dev.mekiki.schemas.v1.ImageCode;
import dev.mekiki.schemas.v1.PlacedImage;
import dev.mekiki.schemas.v1.Placement;
import io.cloudevents.CloudEvent;
import io.cloudevents.kafka.CloudEventSerializer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.Stores;

/// The topology of one generation.
///
///     image-codes -> placement (store placed-images) -> code-placements
///     code-placements -> partition-index (store placements) -> matches
///
/// `code-placements` is sink of the first and source of the second, which cuts the topology in two;
/// it is the second's changelog too, so no record of it is written twice. Sub-topology numbers name
/// the state directories and follow the order in which the parts are added: keep it.
///
/// @param topics names of the topics
/// @param geometry the generation
/// @param filterable which metadata searches may filter by
/// @param matching what is a match
/// @param hosted where open stores are published
/// @param clock stamps placements and matches
/// @param placementMetrics counts what placement does
/// @param partitionMetrics counts what the partition index does
public record IndexTopology(
    Topics topics,
    GenerationGeometry geometry,
    FilterableKeys filterable,
    MatchSettings matching,
    HostedPartitions hosted,
    InstantSource clock,
    PlacementMetrics placementMetrics,
    PartitionMetrics partitionMetrics) {
  /// The largest value on placement's changelog: a code, which fills a record on its own topic at
  /// most, and what is known of its placement.
  public static final int CHANGELOG_RECORD_BYTES = 2 << 20;

  static final String CODES_SOURCE = "image-codes";
  static final String PLACEMENT = "placement";
  private static final String PLACEMENTS_SINK = "code-placements-sink";
  private static final String PLACEMENTS_SOURCE = "code-placements";
  private static final String PARTITION_INDEX = "partition-index";
  private static final String MATCHES_SINK = "matches";

  /// Both sub-topologies.
  public Topology build() {
    Topology topology = new Topology();
    addPlacement(topology);
    topology.addSink(
        PLACEMENTS_SINK,
        topics.codePlacements(geometry.id()),
        new StringSerializer(),
        new RoutedPlacementSerializer(),
        new PlacementPartitioner(geometry.partitions()),
        PLACEMENT);
    addPartitionIndex(topology);
    return topology;
  }

  /// Placement without its sink.
  void addPlacement(Topology topology) {
    topology.addSource(
        CODES_SOURCE,
        new StringDeserializer(),
        ProtobufSerde.of(ImageCode.getDefaultInstance()).deserializer(),
        topics.imageCodes(geometry.network()));
    topology.addProcessor(
        PLACEMENT,
        () -> new PlacementProcessor(geometry, filterable, clock, placementMetrics),
        CODES_SOURCE);
    topology.addStateStore(
        Stores.keyValueStoreBuilder(
                Stores.persistentKeyValueStore(PlacementProcessor.STORE),
                Serdes.String(),
                ProtobufSerde.of(PlacedImage.getDefaultInstance()))
            .withLoggingEnabled(changelogConfig()),
        PLACEMENT);
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
        TopicSpec.codePlacements(topics, geometry.id(), geometry.partitions(), (short) 1);
    return Duration.ofMillis(
        Long.parseLong(spec.config().getOrDefault(TopicConfig.DELETE_RETENTION_MS_CONFIG, "0")));
  }

  /// The partition index and its sink.
  void addPartitionIndex(Topology topology) {
    topology.addReadOnlyStateStore(
        hosted.storeBuilder(),
        PLACEMENTS_SOURCE,
        new StringDeserializer(),
        ProtobufSerde.of(Placement.getDefaultInstance()).deserializer(),
        topics.codePlacements(geometry.id()),
        PARTITION_INDEX,
        maintaining(() -> new MatchProcessor(geometry, matching, clock, partitionMetrics)));
    topology.addSink(
        MATCHES_SINK,
        topics.matches(),
        new StringSerializer(),
        new CloudEventSerializer(),
        PARTITION_INDEX);
  }

  /// The supplier as the kind that may keep a read-only store. That kind is typed to forward
  /// nothing, though nothing keeps its node from having children; the alternative, a second
  /// processor behind it, could not see which revision stood there before.
  @SuppressWarnings({"unchecked", "rawtypes"})
  private static ProcessorSupplier<String, Placement, Void, Void> maintaining(
      ProcessorSupplier<String, Placement, String, CloudEvent> supplier) {
    return (ProcessorSupplier) supplier;
  }
}
