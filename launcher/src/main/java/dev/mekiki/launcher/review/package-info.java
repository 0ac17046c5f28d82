/// How precise matching is by what people decided: pure figures from verdicts, and their plot.
/// Depends on `schemas` and on the plots of `training.report.writer`.
///
/// Start at {@link dev.mekiki.launcher.review.ReviewReport}.
@NullMarked
package dev.mekiki.launcher.review;

import org.jspecify.annotations.NullMarked;
