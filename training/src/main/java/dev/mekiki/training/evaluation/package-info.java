/// What the codes of a bundle are worth on given pictures: how well they find pictures of the same
/// class, how far they move when a picture is edited, how evenly they fill the buckets; and the
/// report of it.
///
/// Codes are computed as serving computes them, from image files by {@link
/// dev.mekiki.encoding.ImageEncoder}.
///
/// Start at {@link dev.mekiki.training.evaluation.EvaluationRun}; a training is told by {@link
/// dev.mekiki.training.evaluation.TrainingReport}.
@NullMarked
package dev.mekiki.training.evaluation;

import org.jspecify.annotations.NullMarked;
