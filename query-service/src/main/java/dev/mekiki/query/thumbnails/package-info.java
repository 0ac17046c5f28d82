/// Reading thumbnails from Kafka, each by the coordinate that its image's code names. Depends on
/// `schemas` and Kafka's client.
///
/// Start at {@link dev.mekiki.query.thumbnails.ThumbnailReader}.
@NullMarked
package dev.mekiki.query.thumbnails;

import org.jspecify.annotations.NullMarked;
