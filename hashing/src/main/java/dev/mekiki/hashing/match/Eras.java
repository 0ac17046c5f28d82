package dev.mekiki.hashing.match;

import java.util.List;

/// The eras of images, as one generation sees them. A cut divides the images of each partition of
/// `images` by an offset, so the era of a revision depends on nothing but its coordinate: all
/// generations say the same of it. Immutable.
public final class Eras {
  /// Where there were no cuts: all is reported.
  public static final Eras NONE = new Eras(List.of(), 0, false);

  private final List<Cut> cuts;
  private final int before;
  private final boolean prepared;

  /// One cut.
  ///
  /// @param own true where this generation became active by it
  /// @param topicId Kafka's id of `images` then; empty where it is not known
  /// @param offsets by partition of `images`, the first offset after the cut
  public record Cut(boolean own, String topicId, List<Long> offsets) {
    public Cut {
      offsets = List.copyOf(offsets);
    }

    private boolean precedes(Revision revision, String imagesTopicId) {
      // A topic that was deleted and created again counts its offsets anew.
      boolean isOtherTopic =
          !topicId.isEmpty() && !imagesTopicId.isEmpty() && !topicId.equals(imagesTopicId);
      return isOtherTopic
          || revision.partition() >= offsets.size()
          || revision.offset() >= offsets.get(revision.partition());
    }
  }

  /// @param cuts all, the first with number 1
  /// @param before how many of them had been made when the index of this generation was begun
  /// @param prepared true where it was begun beside an active one, which reported what lies before
  public Eras(List<Cut> cuts, int before, boolean prepared) {
    this.cuts = List.copyOf(cuts);
    this.before = before;
    this.prepared = prepared;
  }

  /// Number of cuts known.
  public int cuts() {
    return cuts.size();
  }

  /// The era of a revision.
  ///
  /// @param imagesTopicId Kafka's id of the topic `images` that the revision is in; empty where it
  ///   is not known
  public Era of(Revision revision, String imagesTopicId) {
    int number = cuts.size();
    while (number > 0 && !cuts.get(number - 1).precedes(revision, imagesTopicId)) {
      number--;
    }
    boolean silent = number <= before ? prepared : !cuts.get(number - 1).own();
    return new Era(number, silent);
  }
}
