/// PDQ-256, the perceptual hash that separates a re-encoded, resized or recoloured copy from
/// something merely alike. Depends on the JDK alone.
///
/// Start at {@link dev.mekiki.hashing.pdq.Fingerprint}.
@NullMarked
package dev.mekiki.hashing.pdq;

import org.jspecify.annotations.NullMarked;
