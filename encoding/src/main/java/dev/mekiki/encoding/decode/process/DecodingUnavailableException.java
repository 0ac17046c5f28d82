package dev.mekiki.encoding.decode.process;

import org.jspecify.annotations.Nullable;

/// Decoding processes do not start: no picture is at fault, and none can be decoded.
public final class DecodingUnavailableException extends RuntimeException {
  DecodingUnavailableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
