package dev.mekiki.schemas.topic;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.config.TopicConfig;
import org.jspecify.annotations.Nullable;

/// What a topic must look like on the broker: the services create it so where it is missing and
/// refuse to work with one that differs.
///
/// @param name its name
/// @param partitions number of partitions, at least 1
/// @param replication copies of each record, at least 1
/// @param config the topic settings that matter; others are the operator's
public record TopicSpec(
    String name, int partitions, short replication, Map<String, String> config) {
  /// Room beside the image in a record: key, headers, batch overhead. An image of exactly the byte
  /// limit fits with {@link #METADATA_BYTES} of headers, the longest key and CloudEvents
  /// attributes.
  public static final int HEADROOM_BYTES = 256 << 10;

  /// Most bytes of metadata, names and values together, that an image may carry.
  public static final int METADATA_BYTES = 64 << 10;

  /// Room beside a record of `images` in its dead letter: the headers that say what was wrong.
  public static final int DEAD_LETTER_HEADROOM_BYTES = 64 << 10;

  // A superseded value must stay until matching has seen it, a tombstone until the longest-absent
  // instance has: state older than that must be read again from the start.
  private static final Duration MIN_COMPACTION_LAG = Duration.ofHours(24);
  private static final Duration DELETE_RETENTION = Duration.ofDays(7);
  private static final Duration EVENT_RETENTION = Duration.ofDays(7);
  private static final Duration DEAD_LETTER_RETENTION = Duration.ofDays(30);

  /// Most bytes of a record on `mutes`, `verdicts` or `tenants`.
  public static final int POLICY_BYTES = 64 << 10;

  // What an image left on a topic outlives it by so much: for clocks that differ, and for what is
  // on its way. Timestamps of codes, thumbnails and landmarks are those of their making.
  private static final Duration FORGET_AFTER = Duration.ofDays(1);

  // A broker forgets whole segments, once their newest record is old enough.
  private static final int SEGMENTS_PER_RETENTION = 10;
  private static final Duration MIN_SEGMENT = Duration.ofHours(1);
  private static final Duration MAX_SEGMENT = Duration.ofDays(7);

  static final String COMPACT_AND_DELETE =
      TopicConfig.CLEANUP_POLICY_COMPACT + "," + TopicConfig.CLEANUP_POLICY_DELETE;

  // Codes and placements carry metadata, never an image; the largest thumbnail is well below.
  private static final int CODE_BYTES = 1 << 20;

  public TopicSpec {
    if (partitions < 1) {
      throw new IllegalArgumentException(
          "partitions of %s: %d (expected: at least 1)".formatted(name, partitions));
    }
    if (replication < 1) {
      throw new IllegalArgumentException(
          "replication of %s: %d (expected: at least 1)".formatted(name, replication));
    }
    config = Map.copyOf(config);
  }

  /// `images`: kept for ever unless the operator sets less, because codes can be made anew from it.
  ///
  /// @param imageBytes the byte limit of an image
  public static TopicSpec images(Topics topics, int partitions, short replication, int imageBytes) {
    return new TopicSpec(
        topics.images(),
        partitions,
        replication,
        Map.of(
            TopicConfig.CLEANUP_POLICY_CONFIG,
            TopicConfig.CLEANUP_POLICY_DELETE,
            TopicConfig.RETENTION_MS_CONFIG,
            "-1",
            TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
            Integer.toString(imageRecordBytes(imageBytes))));
  }

  /// `images.dlq`: takes any record that `images` takes, with the reason beside it.
  ///
  /// @param imageBytes the byte limit of an image
  public static TopicSpec imagesDlq(
      Topics topics, int partitions, short replication, int imageBytes) {
    return new TopicSpec(
        topics.imagesDlq(),
        partitions,
        replication,
        Map.of(
            TopicConfig.CLEANUP_POLICY_CONFIG,
            TopicConfig.CLEANUP_POLICY_DELETE,
            TopicConfig.RETENTION_MS_CONFIG,
            Long.toString(DEAD_LETTER_RETENTION.toMillis()),
            TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
            Integer.toString(deadLetterBytes(imageBytes))));
  }

  /// `image-codes-(network)`; as many partitions as `images`, both are spread by image id.
  public static TopicSpec imageCodes(
      Topics topics, String networkId, int partitions, short replication) {
    return compacted(topics.imageCodes(networkId), partitions, replication);
  }

  /// `thumbnails-(network)`; as many partitions as `images`, both are spread by image id. A record
  /// is read by its offset for as long as it is the newest of its image.
  public static TopicSpec thumbnails(
      Topics topics, String networkId, int partitions, short replication) {
    return compacted(topics.thumbnails(networkId), partitions, replication);
  }

  /// `code-placements-(generation)`.
  ///
  /// @param run how often the index of the generation was begun anew
  /// @param partitions the partition count of the generation's routing
  public static TopicSpec codePlacements(
      Topics topics, String generationId, int run, int partitions, short replication) {
    return compacted(topics.codePlacements(generationId, run), partitions, replication);
  }

  /// `probes-(generation)`.
  ///
  /// @param run how often the index of the generation was begun anew
  /// @param partitions the partition count of the generation's routing
  /// @param retention how long the index instances may be away without losing matches
  public static TopicSpec probes(
      Topics topics,
      String generationId,
      int run,
      int partitions,
      short replication,
      Duration retention) {
    return kept(topics.probes(generationId, run), partitions, replication, retention);
  }

  /// `image-landmarks-(network)-(version)`: spread by image id.
  ///
  /// @param partitions of landmarks
  public static TopicSpec imageLandmarks(
      Topics topics, String networkId, int partitions, short replication) {
    return compacted(topics.imageLandmarks(networkId), partitions, replication);
  }

  /// `landmark-probes-(generation)`.
  ///
  /// @param run how often the index of the generation was begun anew
  /// @param partitions of landmarks
  /// @param retention how long the index instances may be away without losing matches
  public static TopicSpec landmarkProbes(
      Topics topics,
      String generationId,
      int run,
      int partitions,
      short replication,
      Duration retention) {
    return kept(topics.landmarkProbes(generationId, run), partitions, replication, retention);
  }

  /// `copy-candidates`.
  ///
  /// @param retention how long verification may be away without losing matches
  public static TopicSpec copyCandidates(
      Topics topics, int partitions, short replication, Duration retention) {
    return kept(topics.copyCandidates(), partitions, replication, retention);
  }

  /// `matches`.
  public static TopicSpec matches(Topics topics, int partitions, short replication) {
    return kept(topics.matches(), partitions, replication, EVENT_RETENTION);
  }

  /// `reported-(generation)`: the id of each event, with an empty value.
  public static TopicSpec reported(
      Topics topics, String generationId, int partitions, short replication) {
    return ids(topics.reported(generationId), partitions, replication);
  }

  /// `reported-copies`: the id of each event of a copy, with an empty value.
  public static TopicSpec reportedCopies(Topics topics, int partitions, short replication) {
    return ids(topics.reportedCopies(), partitions, replication);
  }

  private static TopicSpec ids(String name, int partitions, short replication) {
    return new TopicSpec(
        name,
        partitions,
        replication,
        Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT));
  }

  /// `rematch`: jobs and their progress, as the policy topics are kept.
  public static TopicSpec rematch(Topics topics, short replication) {
    return decided(topics.rematch(), replication);
  }

  /// `groups`.
  public static TopicSpec groups(Topics topics, int partitions, short replication) {
    return compacted(topics.groups(), partitions, replication);
  }

  /// `group-messages-(generation)`.
  ///
  /// @param run how often the index of the generation was begun anew
  /// @param partitions of contents
  /// @param retention how long the index instances may be away without losing groups
  public static TopicSpec groupMessages(
      Topics topics,
      String generationId,
      int run,
      int partitions,
      short replication,
      Duration retention) {
    return kept(topics.groupMessages(generationId, run), partitions, replication, retention);
  }

  /// What a state store of the index is restored from, named and set up as Kafka Streams does it.
  ///
  /// @param applicationId of the index
  /// @param store its name
  /// @param partitions as many as there are tasks with that store
  public static TopicSpec changelog(
      String applicationId, String store, int partitions, short replication) {
    return new TopicSpec(
        applicationId + "-" + store + "-changelog",
        partitions,
        replication,
        Map.of(
            TopicConfig.CLEANUP_POLICY_CONFIG,
            TopicConfig.CLEANUP_POLICY_COMPACT,
            TopicConfig.DELETE_RETENTION_MS_CONFIG,
            Long.toString(DELETE_RETENTION.toMillis())));
  }

  /// `generations`: one partition, so that there is one order of what became active.
  public static TopicSpec generations(Topics topics, short replication) {
    return single(topics.generations(), replication);
  }

  /// `images.dlq.states`: one partition, for a person decides about few dead letters.
  public static TopicSpec deadLetterStates(Topics topics, short replication) {
    return single(topics.deadLetterStates(), replication);
  }

  private static TopicSpec single(String name, short replication) {
    return new TopicSpec(
        name,
        1,
        replication,
        Map.of(
            TopicConfig.CLEANUP_POLICY_CONFIG,
            TopicConfig.CLEANUP_POLICY_COMPACT,
            TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
            Integer.toString(CODE_BYTES)));
  }

  /// `mutes`, `verdicts` and `tenants`: what people decide. A tombstone stays until the
  /// longest-absent service has seen it.
  public static List<TopicSpec> policy(Topics topics, short replication) {
    return Stream.of(topics.mutes(), topics.verdicts(), topics.tenants())
        .map(name -> decided(name, replication))
        .toList();
  }

  private static TopicSpec decided(String name, short replication) {
    return new TopicSpec(
        name,
        1,
        replication,
        Map.of(
            TopicConfig.CLEANUP_POLICY_CONFIG,
            TopicConfig.CLEANUP_POLICY_COMPACT,
            TopicConfig.DELETE_RETENTION_MS_CONFIG,
            Long.toString(DELETE_RETENTION.toMillis()),
            TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
            Integer.toString(POLICY_BYTES)));
  }

  /// The same for a topic whose brokers forget what images left there once these have ended: one
  /// day later, and as much again as one segment is long.
  ///
  /// @param retention of images; null where they do not end by their age: the topic stays as it is
  public TopicSpec forgetting(@Nullable Duration retention) {
    if (retention == null) {
      return this;
    }
    Duration segment = retention.dividedBy(SEGMENTS_PER_RETENTION);
    segment = segment.compareTo(MIN_SEGMENT) < 0 ? MIN_SEGMENT : segment;
    segment = segment.compareTo(MAX_SEGMENT) > 0 ? MAX_SEGMENT : segment;
    Map<String, String> forgetting = new HashMap<>(config);
    forgetting.put(
        TopicConfig.RETENTION_MS_CONFIG, Long.toString(retention.plus(FORGET_AFTER).toMillis()));
    forgetting.put(TopicConfig.SEGMENT_MS_CONFIG, Long.toString(segment.toMillis()));
    forgetting.computeIfPresent(
        TopicConfig.CLEANUP_POLICY_CONFIG,
        (_, policy) ->
            policy.equals(TopicConfig.CLEANUP_POLICY_COMPACT) ? COMPACT_AND_DELETE : policy);
    return new TopicSpec(name, partitions, replication, forgetting);
  }

  /// What of an existing topic does not fit, a phrase each; empty where it will do. More partitions
  /// or fewer are never right. More copies, larger records and longer times are the operator's
  /// choice, and so is any retention; except that where images end by their age, codes must not go
  /// before their images, and nothing may be kept for ever.
  ///
  /// @param actualPartitions its number of partitions
  /// @param actualReplication the fewest copies of any of them
  /// @param actualConfig its settings, defaults included
  public List<String> differences(
      int actualPartitions, int actualReplication, Map<String, String> actualConfig) {
    return TopicDifferences.of(this, actualPartitions, actualReplication, actualConfig);
  }

  /// True if brokers forget here what images left, by {@link #forgetting}.
  boolean isForgetting() {
    return config.containsKey(TopicConfig.SEGMENT_MS_CONFIG);
  }

  /// The largest record on `images` for the given byte limit of an image.
  public static int imageRecordBytes(int imageBytes) {
    return Math.addExact(imageBytes, HEADROOM_BYTES);
  }

  /// The largest record on `images.dlq` for the given byte limit of an image; also what the largest
  /// request and fetch must take.
  public static int deadLetterBytes(int imageBytes) {
    return Math.addExact(imageRecordBytes(imageBytes), DEAD_LETTER_HEADROOM_BYTES);
  }

  private static TopicSpec kept(
      String name, int partitions, short replication, Duration retention) {
    return new TopicSpec(
        name,
        partitions,
        replication,
        Map.of(
            TopicConfig.CLEANUP_POLICY_CONFIG,
            TopicConfig.CLEANUP_POLICY_DELETE,
            TopicConfig.RETENTION_MS_CONFIG,
            Long.toString(retention.toMillis())));
  }

  private static TopicSpec compacted(String name, int partitions, short replication) {
    return new TopicSpec(
        name,
        partitions,
        replication,
        Map.of(
            TopicConfig.CLEANUP_POLICY_CONFIG,
            TopicConfig.CLEANUP_POLICY_COMPACT,
            TopicConfig.MIN_COMPACTION_LAG_MS_CONFIG,
            Long.toString(MIN_COMPACTION_LAG.toMillis()),
            TopicConfig.DELETE_RETENTION_MS_CONFIG,
            Long.toString(DELETE_RETENTION.toMillis()),
            TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
            Integer.toString(CODE_BYTES)));
  }
}
