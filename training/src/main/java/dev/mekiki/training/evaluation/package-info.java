/// Measurements of codes: how well they find pictures of the same class, how far they move when a
/// picture is edited, how evenly they fill the buckets. Codes are computed as serving computes
/// them, from image files by {@link dev.mekiki.encoding.ImageEncoder}. Depends on `data` and
/// `network`.
///
/// Start at {@link dev.mekiki.training.evaluation.EvaluationRun}.
@NullMarked
package dev.mekiki.training.evaluation;

import org.jspecify.annotations.NullMarked;
