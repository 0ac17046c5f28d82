/// Work that follows a topic beside the stream from images to codes: each record is worked on by
/// one of some threads, and results and offsets are committed together. Knows nothing of what the
/// work is.
///
/// Start at {@link dev.mekiki.encoder.follow.FollowLoop}.
@NullMarked
package dev.mekiki.encoder.follow;

import org.jspecify.annotations.NullMarked;
