/// What people decide, as it stands on the topics `mutes`, `verdicts` and `tenants`: read from
/// their beginning and followed, by every service that finds pairs or shows decisions. Depends on
/// `runtime.failure`, `runtime.kafka`, `runtime.lifecycle`, `schemas` and `hashing`.
///
/// Start at {@link dev.mekiki.runtime.policy.PolicyFollower}.
@NullMarked
package dev.mekiki.runtime.policy;

import org.jspecify.annotations.NullMarked;
