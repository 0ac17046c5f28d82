package dev.mekiki.index.topology;

import dev.mekiki.schemas.topic.Topics;
import java.util.Collection;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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

  /// Whether a file in a directory of state belongs to the index of a generation that is not kept,
  /// in whatever run and version.
  ///
  /// @param kept ids of the generations that are
  public static boolean isOfUnkept(Topics topics, String file, Collection<String> kept) {
    Matcher matcher =
        Pattern.compile(Pattern.quote(topics.prefix()) + "index-([0-9a-f]{16})-[0-9-]+(\\.alive)?")
            .matcher(file);
    return matcher.matches()
        && kept.stream().noneMatch(id -> Topics.shortId(id).equals(matcher.group(1)));
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
