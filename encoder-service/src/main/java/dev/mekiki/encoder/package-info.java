/// The encoder service: reads `images`, writes `image-codes-(network)` and `images.dlq`, announces
/// the generation and serves gRPC `Encode`. Depends on `schemas`, `runtime`, `hashing` and
/// `encoding`.
///
/// Start at {@link dev.mekiki.encoder.EncoderService}. The stream's way through the package: a
/// {@link dev.mekiki.encoder.StreamLoop} polls and commits, an {@link
/// dev.mekiki.encoder.ArrivalReader} says what a record is, a {@link
/// dev.mekiki.encoder.BatchEncoder} runs the network.
@NullMarked
package dev.mekiki.encoder;

import org.jspecify.annotations.NullMarked;
