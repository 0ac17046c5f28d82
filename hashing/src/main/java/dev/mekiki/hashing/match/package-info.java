/// The rule that decides a match: which pairs are matches, how strong, and which partition emits a
/// pair, on which arrival. Pure functions of values, so that the service and the simulation
/// (`WorldSimulationTest`) run the same code. Depends on `hashing.code`, `hashing.pdq` and the id
/// order of `hashing.bucket`.
///
/// Start at {@link dev.mekiki.hashing.match.MatchRule}.
@NullMarked
package dev.mekiki.hashing.match;

import org.jspecify.annotations.NullMarked;
