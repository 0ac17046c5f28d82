/// The search for copies: partitions of landmarks, by image id, that find pairs of images that
/// share landmarks and pass them on to be verified, and that searches by picture read ({@link
/// dev.mekiki.index.copies.CopySearcher}). It depends on nothing that placement or the partition
/// index hold, so the same copies are found whatever the codes say. Depends on `index.eras`,
/// `index.expiry`, `index.store`, `index.probe`, `index.questions` and `index.record`.
///
/// Start at {@link dev.mekiki.index.copies.CopyProcessor}.
@NullMarked
package dev.mekiki.index.copies;

import org.jspecify.annotations.NullMarked;
