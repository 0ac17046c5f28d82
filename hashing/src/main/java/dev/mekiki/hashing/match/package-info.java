/// The rule by which a partition makes match events: which pairs are matches, of which kind, and at
/// which partition and arrival a pair is told. Pure decisions over values, so that the service and
/// the simulation of whole worlds run the same code. Depends on `hashing.code`, `hashing.pdq` and
/// the id order of `hashing.bucket`.
///
/// Start at {@link dev.mekiki.hashing.match.MatchRule}.
@NullMarked
package dev.mekiki.hashing.match;

import org.jspecify.annotations.NullMarked;
