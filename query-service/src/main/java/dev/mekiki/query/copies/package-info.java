/// The copies of a query picture: what bytes, fingerprints and alignments say of each image, put
/// together and ranked. Pure. Depends on `hashing` and the generated messages of `schemas`.
///
/// Start at {@link dev.mekiki.query.copies.CopyRanking}.
@NullMarked
package dev.mekiki.query.copies;

import org.jspecify.annotations.NullMarked;
