/// The index service: Kafka Streams turns codes into placements and matches, gRPC answers searches
/// of the partitions hosted here. This package starts and stops it; what it consists of lies in the
/// packages below. Depends on `schemas`, `runtime` and `hashing`.
///
/// Start at {@link dev.mekiki.index.IndexService}.
@NullMarked
package dev.mekiki.index;

import org.jspecify.annotations.NullMarked;
