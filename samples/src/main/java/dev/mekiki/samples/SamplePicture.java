package dev.mekiki.samples;

/// One picture of a sample set, before its bytes are made.
///
/// @param id the image id
/// @param scene what it shows; two pictures of one scene are copies of one another
/// @param variant how it differs from the scene's original, in one lower-case word: `original`,
///   `identical` or an edit
public record SamplePicture(String id, int scene, String variant) {
  static final String ORIGINAL = "original";
  static final String IDENTICAL = "identical";

  /// Whether this is the picture the others of its scene were made from.
  public boolean isOriginal() {
    return variant.equals(ORIGINAL);
  }

  /// Whether its bytes are those of its scene's original.
  public boolean isIdenticalCopy() {
    return variant.equals(IDENTICAL);
  }
}
