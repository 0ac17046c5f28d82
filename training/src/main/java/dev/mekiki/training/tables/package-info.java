/// Tables about classes as CSV files: their similarity, and what is known of each that it can be
/// made from. Depends on `centers` alone.
///
/// Start at {@link dev.mekiki.training.tables.SimilarityFile}.
@NullMarked
package dev.mekiki.training.tables;

import org.jspecify.annotations.NullMarked;
