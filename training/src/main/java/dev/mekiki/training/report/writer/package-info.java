/// Writers of reports: tables, plots and pages as Markdown, HTML and SVG. Depends on the JDK alone;
/// `benchmarks` draws its plots with it, too.
///
/// Start at {@link dev.mekiki.training.report.writer.Page}.
@NullMarked
package dev.mekiki.training.report.writer;

import org.jspecify.annotations.NullMarked;
