/// gRPC `Encode` for query images, and `Align`, which lays them over indexed ones. Only the
/// service's wiring depends on it.
@NullMarked
package dev.mekiki.encoder.grpc;

import org.jspecify.annotations.NullMarked;
