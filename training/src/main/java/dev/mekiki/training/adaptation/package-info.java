/// Adapting a trained network to pictures without labels. Depends on `network`, `losses` and the
/// packages below them.
///
/// Start at {@link dev.mekiki.training.adaptation.Adaptation}.
@NullMarked
package dev.mekiki.training.adaptation;

import org.jspecify.annotations.NullMarked;
