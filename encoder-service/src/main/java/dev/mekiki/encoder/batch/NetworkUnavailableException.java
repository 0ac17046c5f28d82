package dev.mekiki.encoder.batch;

import java.io.Serial;

/// The network fails on every image at the moment. Only query images get this; images of the stream
/// wait until the network works again.
public final class NetworkUnavailableException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  NetworkUnavailableException(Throwable cause) {
    super("the network fails at the moment: " + cause, cause);
  }
}
