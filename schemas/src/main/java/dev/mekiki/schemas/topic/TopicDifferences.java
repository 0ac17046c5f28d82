package dev.mekiki.schemas.topic;

import static dev.mekiki.schemas.topic.TopicSpec.COMPACT_AND_DELETE;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.config.TopicConfig;

/// Finds what of an existing topic does not fit its {@link TopicSpec}, a phrase each.
final class TopicDifferences {
  private final TopicSpec spec;
  private final List<String> found = new ArrayList<>();

  private TopicDifferences(TopicSpec spec) {
    this.spec = spec;
  }

  /// As {@link TopicSpec#differences} says.
  static List<String> of(
      TopicSpec spec, int partitions, int replication, Map<String, String> config) {
    TopicDifferences differences = new TopicDifferences(spec);
    differences.compareNumbers(partitions, replication);
    for (String key : new TreeSet<>(spec.config().keySet())) {
      differences.compare(key, config.getOrDefault(key, ""));
    }
    return differences.found;
  }

  private void compareNumbers(int partitions, int replication) {
    if (partitions != spec.partitions()) {
      add("%d partitions (expected: %d)".formatted(partitions, spec.partitions()));
    }
    if (replication < spec.replication()) {
      add("replication %d (expected: at least %d)".formatted(replication, spec.replication()));
    }
  }

  private void compare(String key, String actual) {
    String expected = spec.config().getOrDefault(key, "");
    switch (key) {
      case TopicConfig.SEGMENT_MS_CONFIG -> {}
      case TopicConfig.RETENTION_MS_CONFIG -> compareRetention(actual, Long.parseLong(expected));
      case TopicConfig.CLEANUP_POLICY_CONFIG -> comparePolicy(actual, expected);
      case TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
          TopicConfig.MIN_COMPACTION_LAG_MS_CONFIG,
          TopicConfig.DELETE_RETENTION_MS_CONFIG -> {
        if (actual.isEmpty() || Long.parseLong(actual) < Long.parseLong(expected)) {
          add("%s=%s (expected: at least %s)".formatted(key, actual, expected));
        }
      }
      default -> {
        if (!actual.equals(expected)) {
          add("%s=%s (expected: %s)".formatted(key, actual, expected));
        }
      }
    }
  }

  private void comparePolicy(String actual, String expected) {
    Set<String> is = policies(actual);
    if (is.equals(policies(expected))) {
      return;
    }
    String why = "";
    if (expected.equals(COMPACT_AND_DELETE)) {
      why = ", since mekiki.images.retention is set";
    } else if (is.equals(policies(COMPACT_AND_DELETE))) {
      why = ", unless mekiki.images.retention is set";
    }
    add(
        "%s=%s (expected: %s%s)"
            .formatted(TopicConfig.CLEANUP_POLICY_CONFIG, actual, expected, why));
  }

  private void compareRetention(String actual, long expected) {
    if (!spec.isForgetting()) {
      return;
    }
    boolean isCompacted = spec.config().containsValue(COMPACT_AND_DELETE);
    long kept = actual.isEmpty() ? -1 : Long.parseLong(actual);
    if (kept < 0 || (isCompacted && kept < expected)) {
      add(
          "%s=%s (expected: %s, since mekiki.images.retention is set)"
              .formatted(
                  TopicConfig.RETENTION_MS_CONFIG,
                  actual,
                  isCompacted ? "at least " + expected : "a time, such as " + expected));
    }
  }

  private void add(String difference) {
    found.add(spec.name() + " has " + difference);
  }

  private static Set<String> policies(String policy) {
    return Set.copyOf(List.of(policy.replace(" ", "").split(",", -1)));
  }
}
