/// Training on a TorchScript backbone of the user's: its features, kept on disk; layers trained on
/// them; and both trained together. Depends on `network` and the packages below it.
///
/// Start at {@link dev.mekiki.training.backbone.FrozenBackbone}.
@NullMarked
package dev.mekiki.training.backbone;

import org.jspecify.annotations.NullMarked;
