/// A service's HTTP and gRPC server with what every one of them has: health, readiness, metrics,
/// the check of who may ask; and the other side of that check, the callers' token and trust.
/// Depends on `runtime.config`, `runtime.failure` and `runtime.lifecycle`.
///
/// Start at {@link dev.mekiki.runtime.server.ServiceServer}; whom a server answers is decided in
/// {@link dev.mekiki.runtime.server.Access}, what a caller shows in {@link
/// dev.mekiki.runtime.server.ClientAccess}, who called in {@link dev.mekiki.runtime.server.Caller},
/// what a caller may do in {@link dev.mekiki.runtime.server.Permissions}.
@NullMarked
package dev.mekiki.runtime.server;

import org.jspecify.annotations.NullMarked;
