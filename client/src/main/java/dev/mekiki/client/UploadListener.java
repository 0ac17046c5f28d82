package dev.mekiki.client;

import dev.mekiki.schemas.v1.SourceCoordinate;

/// Learns what became of each of many images. Called by several threads at once.
public interface UploadListener {
  /// The broker has the image.
  ///
  /// @param bytes of it
  /// @param source where it stands
  void sent(Upload upload, int bytes, SourceCoordinate source);

  /// The image was not sent: a {@link MekikiException} of the call, an `IOException` of its
  /// reading, an {@link IllegalArgumentException} where it is larger than the memory for all, or an
  /// {@link OutOfMemoryError}.
  ///
  /// @return whether to go on with the others
  boolean failed(Upload upload, Throwable failure);
}
