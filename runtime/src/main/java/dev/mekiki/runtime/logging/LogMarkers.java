package dev.mekiki.runtime.logging;

import org.slf4j.Marker;
import org.slf4j.MarkerFactory;

/// Markers that decide what becomes of a log line.
public final class LogMarkers {
  /// A line that may be a consequence of Kafka being away. While Kafka is away it is counted, not
  /// written; otherwise it is written as it is.
  public static final Marker KAFKA = MarkerFactory.getMarker("KAFKA");

  private LogMarkers() {}
}
