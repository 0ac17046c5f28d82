/// Reports of a training and of an evaluation. Nothing in this module depends on it.
///
/// Start at {@link dev.mekiki.training.report.TrainingReport}.
@NullMarked
package dev.mekiki.training.report;

import org.jspecify.annotations.NullMarked;
