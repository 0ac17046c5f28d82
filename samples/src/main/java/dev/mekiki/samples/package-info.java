/// Pictures with a known truth, for the demo and for tests: scenes that the project draws itself,
/// or a folder of the user's own pictures, with edited and byte-identical copies of each. Drawn
/// with the JDK's imaging alone; a user's pictures are read with the decoder of `encoding`, the
/// only module that this one may use.
///
/// Start at {@link dev.mekiki.samples.SampleSet}.
@NullMarked
package dev.mekiki.samples;

import org.jspecify.annotations.NullMarked;
