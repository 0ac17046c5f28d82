/// What turns a picture's bytes into its codes: decoding with its limits, fingerprint, thumbnail,
/// preprocessing and one pass through the network of a {@link dev.mekiki.encoding.bundle.Bundle}.
/// Shared by training and serving, so that the two cannot differ. Depends on `hashing`, DJL and
/// OpenCV; knows nothing of Kafka or gRPC.
///
/// Start at {@link dev.mekiki.encoding.ImageEncoder}.
@NullMarked
package dev.mekiki.encoding;

import org.jspecify.annotations.NullMarked;
