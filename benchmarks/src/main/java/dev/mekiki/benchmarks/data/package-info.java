/// Generated images: codes of a distribution or a file, fingerprints and ids; the same for the same
/// seed. Depends on `hashing`.
///
/// Start at {@link dev.mekiki.benchmarks.data.CodeData}.
@NullMarked
package dev.mekiki.benchmarks.data;

import org.jspecify.annotations.NullMarked;
