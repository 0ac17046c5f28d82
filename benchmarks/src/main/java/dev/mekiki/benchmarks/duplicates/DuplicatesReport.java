package dev.mekiki.benchmarks.duplicates;

import java.util.List;

/// What `mekiki bench duplicates` prints. Times are means of one thread.
///
/// @param images originals of which copies were made
/// @param distractors other pictures that were added
/// @param falseExact pairs of different originals or distractors that were taken for the same bytes
/// @param falseDuplicate pairs of them that were taken for copies, those between copies of one and
///   the other included
/// @param extractionMs from a decoded picture to its landmarks
/// @param verificationMs of one candidate
/// @param candidatesPerArrival pictures that landmarks proposed to a copy, its original not counted
/// @param bytesPerImage of the look-up of landmarks
record DuplicatesReport(
    int images,
    int distractors,
    boolean landmarks,
    int falseExact,
    int falseDuplicate,
    List<EditResult> edits,
    double unseenRecall,
    double extractionMs,
    double lookUpMs,
    double verificationMs,
    double candidatesPerArrival,
    double bytesPerImage) {
  /// How an edit fared.
  ///
  /// @param recall share of copies of which the original was found
  /// @param precision share of pictures found that were the original
  /// @param pdqRecall what the fingerprint alone would have found, turned and trimmed not at all
  /// @param met whether the recall is at least the required one; unseen edits count together
  record EditResult(
      String edit,
      double required,
      double recall,
      double precision,
      double pdqRecall,
      boolean met) {}
}
