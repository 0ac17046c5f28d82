/// The feed of matches: the topic `matches`, read once for all who watch live, and from any earlier
/// position for those who ask for it. Depends on the generated messages of `schemas` and on Kafka's
/// client.
///
/// Start at {@link dev.mekiki.query.matches.MatchFeed}.
@NullMarked
package dev.mekiki.query.matches;

import org.jspecify.annotations.NullMarked;
