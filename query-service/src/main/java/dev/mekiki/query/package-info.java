/// The query service: exact search over all partitions, the public API and the web page. Stateless;
/// it waits for the active generation and follows it, and learns from the index instances who hosts
/// what. Depends on `schemas`, `runtime` and `hashing`; other services are reached through topics
/// and gRPC alone.
///
/// Start at {@link dev.mekiki.query.QueryService}.
@NullMarked
package dev.mekiki.query;

import org.jspecify.annotations.NullMarked;
