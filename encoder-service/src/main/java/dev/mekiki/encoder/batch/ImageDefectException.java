package dev.mekiki.encoder.batch;

import java.io.Serial;

/// The network fails on this image and on no other.
public final class ImageDefectException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  ImageDefectException(Throwable cause) {
    super("the network fails on this image: " + cause, cause);
  }
}
