/// From a record to the outcome that is written for it: reading, decoding, and the network's codes.
/// Depends on `record` and `batch`; the stream and gRPC depend on it.
///
/// Start at {@link dev.mekiki.encoder.decode.RecordEncoder}.
@NullMarked
package dev.mekiki.encoder.decode;

import org.jspecify.annotations.NullMarked;
