/// The stream from `images` to codes: polling, decoding, back-pressure, commits and recovery after
/// a failure. Only the service's wiring depends on it.
///
/// Start at {@link dev.mekiki.encoder.stream.StreamLoop}.
@NullMarked
package dev.mekiki.encoder.stream;

import org.jspecify.annotations.NullMarked;
