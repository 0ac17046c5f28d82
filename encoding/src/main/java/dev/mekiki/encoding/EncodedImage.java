package dev.mekiki.encoding;

import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.pdq.Fingerprint;

/// Everything the encoder makes of one image. Arrays are not copied: treat them as read-only.
///
/// @param code the network's code, of the bundle's number of bits
/// @param instanceCode 256 bits from the features before the hash layer
/// @param fingerprint PDQ-256 of the decoded picture
/// @param sha256 32 bytes, of the image file as it came
/// @param width pixels, after EXIF orientation
/// @param height pixels, after EXIF orientation
/// @param partial whether the file is cut short, and all of it is of the rows that are there
/// @param thumbnail a JPEG, or no bytes where thumbnails are switched off
/// @param contentType by the file's first bytes, such as `image/jpeg`
@SuppressWarnings("ArrayRecordComponent") // a hand-over between two stages, never compared
public record EncodedImage(
    HashCode code,
    HashCode instanceCode,
    Fingerprint fingerprint,
    byte[] sha256,
    int width,
    int height,
    boolean partial,
    byte[] thumbnail,
    String contentType) {}
