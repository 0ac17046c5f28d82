package dev.mekiki.benchmarks.duplicates;

import java.util.List;

/// What `mekiki bench duplicates` prints.
///
/// @param images originals of which copies were made
/// @param distractors other pictures that were added
/// @param falseExact pairs of different originals or distractors that were taken for the same bytes
/// @param falseDuplicate pairs of them that were taken for copies, each once: they, or a copy of
///   one and the other
/// @param families the same recalls by what originals are like
/// @param extractionMs as of {@link Finder.Costs}, as are those that follow
record DuplicatesReport(
    int images,
    int distractors,
    boolean landmarks,
    int falseExact,
    int falseDuplicate,
    List<EditResult> edits,
    List<FamilyResult> families,
    double unseenRecall,
    double extractionMs,
    double lookUpMs,
    double verificationMs,
    double candidatesPerArrival,
    double bytesPerImage,
    double arrivalsPerSecond) {
  /// How an edit fared.
  ///
  /// @param recall share of copies of which the original was found
  /// @param precision share of pictures found that were the original
  /// @param pdqRecall what PDQ would have found within 31 of 256 bits, of the picture as it is
  /// @param phashRecall the same of a pHash, within 10 of 64 bits
  /// @param met whether the recall is at least the required one; unseen edits count together
  record EditResult(
      String edit,
      double required,
      double recall,
      double precision,
      double pdqRecall,
      double phashRecall,
      boolean met) {}

  /// How originals of one family fared.
  ///
  /// @param recall share of their copies, of all edits, of which the original was found
  /// @param missed for each edit that misses what is required of it, its name and recall
  record FamilyResult(String family, int images, double recall, List<String> missed) {}
}
