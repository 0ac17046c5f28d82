/// Who owns a failure. Each component of a service (a loop, a watch, a stream thread) reports its
/// failures to one owner, which decides: retry after a delay, or end the process with a clear
/// message. The same owner knows whether the service is alive, for `/livez`.
///
/// Start at {@link dev.mekiki.runtime.failure.FailureOwner}. Depends on nothing of ours but the
/// markers of `runtime.logging` and `schemas.text`.
@NullMarked
package dev.mekiki.runtime.failure;

import org.jspecify.annotations.NullMarked;
