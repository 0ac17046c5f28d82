/// The feed of matches: the topic `matches`, read once for all live subscribers, and by a consumer
/// of its own for each subscriber that starts earlier; and pages of the past, read backwards.
/// Depends on `dev.mekiki.query.json`, on the generated messages of `schemas` and on Kafka's
/// client.
///
/// Start at {@link dev.mekiki.query.matches.MatchFeed}.
@NullMarked
package dev.mekiki.query.matches;

import org.jspecify.annotations.NullMarked;
