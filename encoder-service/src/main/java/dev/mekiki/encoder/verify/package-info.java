/// Verification of copies: pairs of images that share landmarks are read from `copy-candidates`,
/// one picture is laid over the other, and what is a copy is written to `matches`, exactly once
/// (`follow`). Independent of the stream from images to codes. {@link
/// dev.mekiki.encoder.verify.QueryAlignment} does the same for query images, and writes nothing.
///
/// Start at {@link dev.mekiki.encoder.verify.VerifyStep}.
@NullMarked
package dev.mekiki.encoder.verify;

import org.jspecify.annotations.NullMarked;
