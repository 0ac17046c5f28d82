/// The public API: checks of what users send, the operations, and their form as gRPC, HTTP/JSON,
/// raw image bodies and server-sent events. Depends on every other package of the query service but
/// the root, on `schemas` and on Armeria's server.
///
/// Start at {@link dev.mekiki.query.api.MekikiApi}.
@NullMarked
package dev.mekiki.query.api;

import org.jspecify.annotations.NullMarked;
