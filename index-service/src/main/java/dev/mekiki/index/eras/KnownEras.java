package dev.mekiki.index.eras;

import dev.mekiki.hashing.match.Era;
import dev.mekiki.hashing.match.Eras;
import dev.mekiki.hashing.match.Revision;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The eras of images as this process knows them. All tasks of a process share them; each asks to
/// look again where it could meet images of an era that is not known yet ({@link TaskEras}).
/// Thread-safe.
public final class KnownEras {
  private final Supplier<Eras> source;
  private volatile @Nullable Known known;

  /// @param since the `System.nanoTime` before they were read
  private record Known(Eras eras, long since) {}

  /// @param source says by each call what holds when it is called; what it throws is passed on
  public KnownEras(Supplier<Eras> source) {
    this.source = source;
  }

  /// Looks again, unless that was done since.
  ///
  /// @param nanoTime of a moment
  void refreshSince(long nanoTime) {
    Known before = known;
    if (before == null || before.since() - nanoTime < 0) {
      refresh(nanoTime);
    }
  }

  /// Looks again, unless that many cuts are known.
  ///
  /// @return false where there are not so many
  boolean refreshFor(int cuts) {
    Known before = known;
    if (before == null || before.eras().cuts() < cuts) {
      refresh(System.nanoTime());
    }
    return eras().cuts() >= cuts;
  }

  private synchronized void refresh(long nanoTime) {
    Known before = known;
    if (before == null || before.since() - nanoTime < 0) {
      long since = System.nanoTime();
      known = new Known(source.get(), since);
    }
  }

  /// The era of a revision.
  ///
  /// @param imagesTopicId Kafka's id of the topic of the revision; empty where it is not known
  Era of(Revision revision, String imagesTopicId) {
    return eras().of(revision, imagesTopicId);
  }

  private Eras eras() {
    Known read = known;
    if (read == null) {
      throw new IllegalStateException("eras are asked for before they are read");
    }
    return read.eras();
  }
}
