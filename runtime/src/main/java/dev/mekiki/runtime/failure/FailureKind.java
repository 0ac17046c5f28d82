package dev.mekiki.runtime.failure;

import java.util.Locale;

/// What a component's failure is, which decides how long it is retried.
public enum FailureKind {
  /// Something that the service depends on, such as Kafka, is away: retried for as long as that
  /// takes, and no reason to restart the process.
  OUTAGE,

  /// Anything else: retried for a limited time, then the process ends.
  FAULT;

  /// As the tag of a metric.
  String tag() {
    return name().toLowerCase(Locale.ROOT);
  }
}
