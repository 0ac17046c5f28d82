/// The public API: checks of requests, the operations, and their forms as gRPC and as HTTP with
/// JSON, image bodies and server-sent events. Depends on every other package of the query service
/// except the root, on `runtime.config` and `runtime.server`, on `schemas` and on Armeria's server.
///
/// Start at {@link dev.mekiki.query.api.HttpApi} or {@link dev.mekiki.query.api.GrpcApi}, which
/// both call {@link dev.mekiki.query.api.Operations}.
@NullMarked
package dev.mekiki.query.api;

import org.jspecify.annotations.NullMarked;
