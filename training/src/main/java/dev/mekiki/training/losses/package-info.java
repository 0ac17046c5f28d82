/// The loss functions of training, with their formulas, and the smoothing of labels. The loss of
/// the hash network is {@link dev.mekiki.training.losses.CenterLoss}. Depends on `hashing` and
/// `centers` alone.
///
/// Start at {@link dev.mekiki.training.losses.CenterLoss}.
@NullMarked
package dev.mekiki.training.losses;

import org.jspecify.annotations.NullMarked;
