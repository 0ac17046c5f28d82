package dev.mekiki.benchmarks.duplicates;

import dev.mekiki.encoding.opencv.Mats;
import java.util.SplittableRandom;
import org.opencv.core.Mat;

/// A way in which people change a picture before they upload it again.
///
/// @param name as in the report
/// @param required least share of copies that must be found
/// @param unseen whether it was never looked at while thresholds were chosen
/// @param extension of the file that the copy is written to, with a dot
/// @param quality of a JPEG, 1 to 100
/// @param editor makes the copy
record Edit(
    String name, double required, boolean unseen, String extension, int quality, Editor editor) {
  /// Makes a copy of a picture.
  interface Editor {
    /// Makes the copy.
    ///
    /// @param original left as it is
    /// @param context what else it may use
    Mat edit(Mat original, Context context);
  }

  /// What an editor may use.
  ///
  /// @param number of the picture; some edits take turns by it
  /// @param random seeded for the picture and the edit
  /// @param background another picture
  /// @param mats takes native memory
  record Context(int number, SplittableRandom random, Mat background, Mats mats) {}
}
