/// Landmarks of images: the loop follows `image-codes`, reads each image again by the coordinate in
/// its code, and writes its landmarks to `image-landmarks`. So they are made apart from codes,
/// which never wait for them, and for images that were encoded before copies were looked for, too.
/// {@link dev.mekiki.encoder.landmarks.QueryLandmarks} finds those of query images. Depends on
/// `follow`.
///
/// Start at {@link dev.mekiki.encoder.landmarks.LandmarkStep}.
@NullMarked
package dev.mekiki.encoder.landmarks;

import org.jspecify.annotations.NullMarked;
