package dev.mekiki.index.record;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Counts the records that this instance read and left out, as `mekiki.index.records.left.out` by
/// topic, and logs the first of each kind: a topic may hold any number of them, and each is read
/// again by every restore. Thread-safe.
public final class LeftOutRecords {
  private static final Logger log = LoggerFactory.getLogger(LeftOutRecords.class);

  private final Map<Source, Counter> counters = new EnumMap<>(Source.class);
  private final Set<String> logged = ConcurrentHashMap.newKeySet();

  /// The topics that records are read from.
  public enum Source {
    IMAGE_CODES("image-codes"),
    CODE_PLACEMENTS("code-placements"),
    PROBES("probes"),
    /// What the partition index is restored from.
    PLACEMENTS_CHANGELOG("placements-changelog"),
    IMAGE_LANDMARKS("image-landmarks"),
    LANDMARK_PROBES("landmark-probes"),
    /// What the partitions of landmarks are restored from.
    LANDMARKS_CHANGELOG("landmarks-changelog"),
    MATCHES("matches"),
    GROUPS("groups"),
    GROUP_MESSAGES("group-messages");

    private final String tag;

    Source(String tag) {
      this.tag = tag;
    }
  }

  public LeftOutRecords(MeterRegistry registry) {
    for (Source source : Source.values()) {
      counters.put(
          source,
          Counter.builder("mekiki.index.records.left.out")
              .description("Records read and left out because they are defective")
              .tag("topic", source.tag)
              .register(registry));
    }
  }

  /// Counts the record that a processor has before it, and logs it where it is the first with this
  /// defect.
  ///
  /// @param at where the record stands; null where that is not known
  public void add(Source source, @Nullable RecordMetadata at, DefectiveRecordException defect) {
    add(
        source,
        at == null ? "unknown" : at.topic() + "-" + at.partition() + "@" + at.offset(),
        defect);
  }

  /// Counts one record, and logs it where it is the first with this defect.
  ///
  /// @param at where the record stands: topic-partition@offset
  public void add(Source source, String at, DefectiveRecordException defect) {
    Counter counter = counters.get(source);
    if (counter != null) {
      counter.increment();
    }
    if (logged.add(source.tag + ' ' + defect.field())) {
      log.warn(
          "Defective record left out; find out what writes to this topic. Others with the same"
              + " defect are only counted at={} defect={} metric=mekiki.index.records.left.out",
          at,
          defect.getMessage());
    } else {
      log.debug("Defective record left out at={} defect={}", at, defect.getMessage());
    }
  }
}
