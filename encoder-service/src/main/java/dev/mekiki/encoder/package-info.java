/// The encoder service: reads `images`, writes `image-codes-(network)` and `images.dlq`, announces
/// the generation and serves gRPC `Encode`. This package wires the others together; launcher and
/// benchmarks depend on it. Depends on `schemas`, `runtime`, `hashing` and `encoding`.
///
/// Start at {@link dev.mekiki.encoder.EncoderService}. A record's way: {@link
/// dev.mekiki.encoder.stream} polls it, {@link dev.mekiki.encoder.record} reads it, {@link
/// dev.mekiki.encoder.batch} runs the network, {@link dev.mekiki.encoder.commit} writes the result.
@NullMarked
package dev.mekiki.encoder;

import org.jspecify.annotations.NullMarked;
