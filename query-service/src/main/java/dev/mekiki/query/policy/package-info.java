/// What people decide, as the API takes and shows it: mutes, verdicts and thresholds of tenants are
/// written to their topics and read back. Failures are gRPC statuses whose messages can be shown.
/// Depends on `query.images`, `query.compare`, `runtime.policy`, `schemas` and `hashing`.
///
/// Start at {@link dev.mekiki.query.policy.MuteOperations} or {@link
/// dev.mekiki.query.policy.VerdictOperations}.
@NullMarked
package dev.mekiki.query.policy;

import org.jspecify.annotations.NullMarked;
