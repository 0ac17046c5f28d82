package dev.mekiki.index.topology;

import dev.mekiki.schemas.topic.Topics;

/// The names of one run of a generation's index: of its topics, and of its consumer group, which
/// also names its state and its changelogs. A new generation, a new version of the topology or a
/// new run has others, and so reads everything again.
///
/// @param topics names of the topics
/// @param generation id of the generation
/// @param run how often its index was begun anew, at least 0
public record IndexNames(Topics topics, String generation, int run) {
  /// Kafka Streams' application id.
  public String applicationId() {
    return topics.prefix() + "index-" + Topics.versioned(generation, run);
  }

  /// The topic of placements.
  public String codePlacements() {
    return topics.codePlacements(generation, run);
  }

  /// The topic of probes.
  public String probes() {
    return topics.probes(generation, run);
  }

  /// The topic of the ids of events.
  public String reported() {
    return topics.reported(generation);
  }

  /// The topic of probes between partitions of landmarks.
  public String landmarkProbes() {
    return topics.landmarkProbes(generation, run);
  }

  /// The topic of messages to contents.
  public String groupMessages() {
    return topics.groupMessages(generation, run);
  }
}
