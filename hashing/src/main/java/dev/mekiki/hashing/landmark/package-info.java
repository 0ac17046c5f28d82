/// Landmarks: places of a picture that are found again in its crops, screenshots and rotations,
/// hashed so that they can be looked up; and the vote that decides which pictures seem to share
/// some. Depends on `hashing.code`; detection lives in the module `encoding`.
///
/// Start at {@link dev.mekiki.hashing.landmark.LandmarkIndex}.
@NullMarked
package dev.mekiki.hashing.landmark;

import org.jspecify.annotations.NullMarked;
