/// The gRPC side of an index instance: searches of the partitions hosted here, what placement knows
/// of an image, copies of query pictures, and which instance hosts what. Depends on
/// `runtime.generation`, `index.metadata`, `index.partition`, `index.placement` and `index.copies`.
///
/// Start at {@link dev.mekiki.index.server.IndexEndpoint}.
@NullMarked
package dev.mekiki.index.server;

import org.jspecify.annotations.NullMarked;
