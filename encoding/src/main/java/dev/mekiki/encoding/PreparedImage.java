package dev.mekiki.encoding;

import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.pdq.Fingerprint;

/// An image after all work that needs no network, made by {@link ImageEncoder#prepare} and waiting
/// for its turn in a batch: the network input (8 kB for the built-in network, 110 kB for a backbone
/// at 96 px) and the thumbnail. Immutable.
public final class PreparedImage {
  private final byte[] sha256;
  private final String contentType;
  private final int width;
  private final int height;
  private final boolean partial;
  private final Fingerprint fingerprint;
  private final byte[] thumbnail;
  private final float[] input;

  PreparedImage(
      byte[] sha256,
      String contentType,
      int width,
      int height,
      boolean partial,
      Fingerprint fingerprint,
      byte[] thumbnail,
      float[] input) {
    this.sha256 = sha256;
    this.contentType = contentType;
    this.width = width;
    this.height = height;
    this.partial = partial;
    this.fingerprint = fingerprint;
    this.thumbnail = thumbnail;
    this.input = input;
  }

  /// SHA-256 of the image file, 32 bytes.
  public byte[] sha256() {
    return sha256.clone();
  }

  /// Content type by the file's first bytes, such as `image/jpeg`.
  public String contentType() {
    return contentType;
  }

  /// Pixels, after EXIF orientation.
  public int width() {
    return width;
  }

  /// Pixels, after EXIF orientation.
  public int height() {
    return height;
  }

  /// Whether the file is cut short, and the picture is what it has.
  public boolean partial() {
    return partial;
  }

  public Fingerprint fingerprint() {
    return fingerprint;
  }

  /// One view after another, each as the network wants it; not copied.
  float[] input() {
    return input;
  }

  /// The network's two codes joined with what was prepared.
  EncodedImage encoded(HashCode code, HashCode instanceCode) {
    return new EncodedImage(
        code, instanceCode, fingerprint, sha256, width, height, partial, thumbnail, contentType);
  }
}
