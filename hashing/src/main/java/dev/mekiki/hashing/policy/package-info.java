/// What people decided about pairs, as matching asks for it: mutes, dismissed pairs and the
/// thresholds of tenants. Nothing here knows where decisions are kept. Depends on `hashing.match`,
/// `hashing.code` and `hashing.pdq`.
///
/// Start at {@link dev.mekiki.hashing.policy.PolicyFilter}.
@NullMarked
package dev.mekiki.hashing.policy;

import org.jspecify.annotations.NullMarked;
