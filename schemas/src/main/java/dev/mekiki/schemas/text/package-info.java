/// Text from outside, bounded before it reaches a message, a log line or a header. Depends on
/// nothing of ours.
///
/// Start at {@link dev.mekiki.schemas.text.BoundedText}.
@NullMarked
package dev.mekiki.schemas.text;

import org.jspecify.annotations.NullMarked;
