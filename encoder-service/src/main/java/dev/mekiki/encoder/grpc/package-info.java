/// gRPC `Encode` for query images. Only the service's wiring depends on it.
@NullMarked
package dev.mekiki.encoder.grpc;

import org.jspecify.annotations.NullMarked;
