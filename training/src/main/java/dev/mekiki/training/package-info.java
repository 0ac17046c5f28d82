/// Training of networks toward hash centers: one run from labelled images to measured bundles,
/// training further on other images, and the cost of wrong labels. Depends on every package below
/// except `report`; only `report` and the launcher may depend on it.
///
/// Start at {@link dev.mekiki.training.TrainingRun}.
@NullMarked
package dev.mekiki.training;

import org.jspecify.annotations.NullMarked;
