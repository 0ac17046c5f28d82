package dev.mekiki.encoding.decode;

/// The one door for image files of others: in this process ({@link ImageDecoder}) or in a process
/// of its own, whose end costs one picture. Both give the same pixels. Thread-safe.
public interface PictureDecoder {
  /// The picture of an image file.
  ///
  /// @param bytes neither kept nor changed
  /// @throws BadImageException where these bytes can never be decoded under the limits set
  /// @throws OutOfMemoryError where memory does not suffice now
  DecodedImage decode(byte[] bytes) throws BadImageException;
}
