package dev.mekiki.runtime.kafka;

import dev.mekiki.schemas.text.BoundedText;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The records that a reader leaves out because they cannot be what their topic holds: counted by
/// topic and reason, and logged once for each. Thread-safe.
public final class SkippedRecords {
  private static final Logger log = LoggerFactory.getLogger(SkippedRecords.class);

  private final MeterRegistry meters;
  private final Set<String> logged = ConcurrentHashMap.newKeySet();

  /// @param meters takes the counter `mekiki.service.records.skipped`
  public SkippedRecords(MeterRegistry meters) {
    this.meters = meters;
  }

  /// Counts a record that is left out.
  ///
  /// @param reason one word of a fixed set, such as `undecodable`: a tag of the metric
  /// @param detail what is wrong with it and what was expected; bounded here
  public void skip(String topic, int partition, long offset, String reason, String detail) {
    meters.counter("mekiki.service.records.skipped", "topic", topic, "reason", reason).increment();
    if (logged.add(topic + '|' + reason)) {
      log.warn(
          "Record left out, further ones of this kind are only counted topic={} partition={}"
              + " offset={} reason={} detail={}",
          topic,
          partition,
          offset,
          reason,
          BoundedText.message(detail));
    } else {
      log.debug(
          "Record left out topic={} partition={} offset={} reason={} detail={}",
          topic,
          partition,
          offset,
          reason,
          BoundedText.message(detail));
    }
  }
}
