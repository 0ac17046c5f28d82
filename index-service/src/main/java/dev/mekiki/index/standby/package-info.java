/// How far standbys are behind. Depends on Kafka Streams alone.
///
/// Start at {@link dev.mekiki.index.standby.StandbyLags}.
@NullMarked
package dev.mekiki.index.standby;

import org.jspecify.annotations.NullMarked;
