/// The fan-out of a search over partitions: which are asked and when, how their answers are merged,
/// and when the answer is exact. Pure except for {@link dev.mekiki.query.search.Partitions}, which
/// calls the index instances. Depends on `hashing` and the generated messages of `schemas`.
///
/// Start at {@link dev.mekiki.query.search.FanOut}.
@NullMarked
package dev.mekiki.query.search;

import org.jspecify.annotations.NullMarked;
