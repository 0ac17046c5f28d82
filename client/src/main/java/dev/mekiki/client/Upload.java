package dev.mekiki.client;

import dev.mekiki.schemas.v1.PutImageRequest;
import java.io.IOException;

/// An image that is to be sent, read when its turn comes.
///
/// @param id of the image
/// @param size bytes that reading it gives, at least 0; what is waited for until that much memory
///   is free
/// @param content reads it
/// @param beside everything but id and image
public record Upload(String id, long size, Content content, PutImageRequest beside) {
  public Upload {
    if (size < 0) {
      throw new IllegalArgumentException("size: %d (expected: at least 0)".formatted(size));
    }
  }

  /// The bytes of an image.
  @FunctionalInterface
  public interface Content {
    /// Reads them; called once.
    byte[] read() throws IOException;
  }
}
