/// What reports are made of: tables, plots, pages and Markdown, whatever they tell of. Depends on
/// nothing.
///
/// Start at {@link dev.mekiki.training.report.Page}.
@NullMarked
package dev.mekiki.training.report;

import org.jspecify.annotations.NullMarked;
