/// Decoding in processes of their own: a picture that takes too long, or that a native decoder
/// crashes on, costs itself and nothing else. Depends on `decode` and `opencv`.
///
/// Start at {@link dev.mekiki.encoding.decode.process.DecodingProcesses}; what runs in a child is
/// {@link dev.mekiki.encoding.decode.process.DecodingMain}.
@NullMarked
package dev.mekiki.encoding.decode.process;

import org.jspecify.annotations.NullMarked;
