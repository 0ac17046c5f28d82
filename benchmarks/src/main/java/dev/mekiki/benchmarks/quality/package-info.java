/// `mekiki bench quality`: what the ways to find hash centers are worth, all with the same
/// backbone, head, loss and schedule. Depends on `training`, which does the work, and on `report`.
///
/// Start at {@link dev.mekiki.benchmarks.quality.QualityCommand}.
@NullMarked
package dev.mekiki.benchmarks.quality;

import org.jspecify.annotations.NullMarked;
