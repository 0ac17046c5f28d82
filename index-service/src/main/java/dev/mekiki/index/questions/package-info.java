/// Questions that only the stream thread of a partition can answer: they wait for it, and it
/// answers some between its records. Depends on nothing else of this module; `index.partition` and
/// `index.copies` depend on it.
///
/// Start at {@link dev.mekiki.index.questions.PartitionQuestions}.
@NullMarked
package dev.mekiki.index.questions;

import org.jspecify.annotations.NullMarked;
