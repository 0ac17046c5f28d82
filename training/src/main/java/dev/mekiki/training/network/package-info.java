/// Trained networks outside the engine, and their outputs for pictures. Depends on `data`,
/// `augmentation` and `loop`.
///
/// Start at {@link dev.mekiki.training.network.TrainedNetwork}.
@NullMarked
package dev.mekiki.training.network;

import org.jspecify.annotations.NullMarked;
