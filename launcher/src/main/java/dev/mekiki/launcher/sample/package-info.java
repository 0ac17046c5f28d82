/// The pictures of the demo and what is known about them: scenes that the project draws itself, or
/// a folder of the user's own pictures, with edited and byte-identical copies of each. Drawn with
/// the JDK's imaging alone; a user's pictures are read with the decoder of `encoding`.
///
/// Start at {@link dev.mekiki.launcher.sample.SampleSet}.
@NullMarked
package dev.mekiki.launcher.sample;

import org.jspecify.annotations.NullMarked;
