package dev.mekiki.index.groups;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/// What the partitions of contents on this instance do, as `mekiki.index.groups.*`. Thread-safe.
public final class GroupMetrics {
  final Counter messages;
  final Counter pairs;
  final Counter published;
  final Counter dissolved;
  final Counter retractions;

  public GroupMetrics(MeterRegistry registry) {
    messages = counter(registry, "messages", "Messages to contents processed");
    pairs = counter(registry, "pairs", "Events read that report a pair");
    published = counter(registry, "published", "Records of groups written");
    dissolved = counter(registry, "dissolved", "Groups dissolved");
    retractions = counter(registry, "retractions", "Pairs retracted because an image is gone");
  }

  private static Counter counter(MeterRegistry registry, String name, String description) {
    return Counter.builder("mekiki.index.groups." + name)
        .description(description)
        .register(registry);
  }
}
