/// Batches for the network, of images from the stream and of query images, and what happens when
/// the network fails. Depends on `encoding`; the stream and gRPC depend on it.
///
/// Start at {@link dev.mekiki.encoder.batch.BatchEncoder}.
@NullMarked
package dev.mekiki.encoder.batch;

import org.jspecify.annotations.NullMarked;
