/// A service's HTTP and gRPC server with what every one of them has: health, readiness and metrics.
/// Depends on nothing else in `runtime` but {@link dev.mekiki.runtime.StartException}.
///
/// Start at {@link dev.mekiki.runtime.server.ServiceServer}.
@NullMarked
package dev.mekiki.runtime.server;

import org.jspecify.annotations.NullMarked;
