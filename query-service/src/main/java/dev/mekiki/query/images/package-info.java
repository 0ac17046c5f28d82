/// Sending records within a time ({@link dev.mekiki.query.images.RecordSender}), and images and
/// tombstones to the topic `images`. Depends on `schemas` and Kafka's client.
///
/// Start at {@link dev.mekiki.query.images.ImageSender}.
@NullMarked
package dev.mekiki.query.images;

import org.jspecify.annotations.NullMarked;
