/// What a run leaves to be looked at: its timeline and its figures. Depends on `cluster`, `load`,
/// `fault` and `topics`.
///
/// Start at {@link dev.mekiki.reliability.report.Timeline}.
@NullMarked
package dev.mekiki.reliability.report;

import org.jspecify.annotations.NullMarked;
