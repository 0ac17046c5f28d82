/// Finds the landmarks of pictures. Depends on OpenCV and on `hashing.landmark`.
///
/// Start at {@link dev.mekiki.encoding.landmark.LandmarkDetector}.
@NullMarked
package dev.mekiki.encoding.landmark;

import org.jspecify.annotations.NullMarked;
