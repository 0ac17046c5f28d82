/// Which of a user's files are images that Mekiki takes, and why the others are not. Depends on
/// `encoding` alone.
///
/// Start at {@link dev.mekiki.launcher.images.ImageFiles}.
@NullMarked
package dev.mekiki.launcher.images;

import org.jspecify.annotations.NullMarked;
