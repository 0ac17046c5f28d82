/// `mekiki bench landmarks`: what looking up the landmarks of a picture costs, by how many pictures
/// there are.
///
/// Start at {@link dev.mekiki.benchmarks.landmarks.LandmarksCommand}.
@NullMarked
package dev.mekiki.benchmarks.landmarks;

import org.jspecify.annotations.NullMarked;
