/// Mekiki's topics: their names, what each must look like on the broker, and the headers of the
/// dead letters. Depends on nothing of ours; everything else may depend on it.
///
/// Start at {@link dev.mekiki.schemas.topic.Topics}; {@link dev.mekiki.schemas.topic.TopicSpec} has
/// a factory for each.
@NullMarked
package dev.mekiki.schemas.topic;

import org.jspecify.annotations.NullMarked;
