/// `mekiki bench scale --plan`: what a number of images and arrivals takes, computed from measured
/// constants. Depends on nothing of ours.
///
/// Start at {@link dev.mekiki.benchmarks.plan.CapacityPlan}.
@NullMarked
package dev.mekiki.benchmarks.plan;

import org.jspecify.annotations.NullMarked;
