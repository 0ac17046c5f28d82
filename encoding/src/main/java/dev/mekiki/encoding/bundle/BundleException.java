package dev.mekiki.encoding.bundle;

import java.io.IOException;

/// A bundle that is no bundle, is damaged, was changed, or is of another format version. The
/// message names the file and what is wrong with it, and needs no stack trace.
public final class BundleException extends IOException {
  public BundleException(String message) {
    super(message);
  }

  public BundleException(String message, Throwable cause) {
    super(message, cause);
  }
}
