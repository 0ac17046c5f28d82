package dev.mekiki.index.eras;

import dev.mekiki.hashing.match.Era;
import dev.mekiki.hashing.match.Revision;
import dev.mekiki.index.record.DefectiveRecordException;
import dev.mekiki.schemas.topic.CutMarker;
import java.util.OptionalInt;
import org.apache.kafka.streams.processor.api.Record;

/// The eras of the images of one task. What may lie after a cut is met behind its marker alone, so
/// it is looked for cuts at each marker of one that is not known; and once after the task has
/// opened, since its partition may have passed a marker elsewhere. Owned by one stream thread.
public final class TaskEras {
  private final KnownEras known;
  private boolean hasLooked;
  private long openedNanos;

  /// @param known shared by all tasks
  public TaskEras(KnownEras known) {
    this.known = known;
  }

  /// The task has opened.
  public void opened() {
    openedNanos = System.nanoTime();
    hasLooked = false;
  }

  /// Looks for cuts, unless that was done since the task opened.
  public void look() {
    if (!hasLooked) {
      known.refreshSince(openedNanos);
      hasLooked = true;
    }
  }

  /// Takes the marker of a cut: what comes behind it may lie after the cut, so that must be known.
  ///
  /// @return false where a record is none
  /// @throws DefectiveRecordException where there is no such cut; it was committed before its
  ///   marker
  public boolean isMarker(Record<byte[], byte[]> record) throws DefectiveRecordException {
    OptionalInt number = CutMarker.number(record.headers());
    if (record.value() != null || number.isEmpty()) {
      return false;
    }
    if (!known.refreshFor(number.getAsInt())) {
      throw new DefectiveRecordException(
          "cut", "cut: %d (expected: one that was made)".formatted(number.getAsInt()));
    }
    return true;
  }

  /// The era of a revision.
  ///
  /// @param imagesTopicId Kafka's id of the topic of the revision; empty where it is not known
  public Era of(Revision revision, String imagesTopicId) {
    look();
    return known.of(revision, imagesTopicId);
  }
}
