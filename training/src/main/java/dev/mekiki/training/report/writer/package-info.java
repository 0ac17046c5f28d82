/// Writers of reports: tables, plots and pages as Markdown, HTML and SVG. Depends on the JDK alone;
/// `benchmarks` and `reliability` draw with it, too.
///
/// Start at {@link dev.mekiki.training.report.writer.Page}.
@NullMarked
package dev.mekiki.training.report.writer;

import org.jspecify.annotations.NullMarked;
