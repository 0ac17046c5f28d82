package dev.mekiki.encoding.decode;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/// Finds files that end before their picture does. Decoders fill the rest of a truncated picture
/// with grey and say nothing, so that half a picture would get codes of its own; walking the outer
/// structure of a file is cheap and shows it.
final class FileStructure {
  private static final int JPEG_END = 0xD9;
  private static final int JPEG_SCAN = 0xDA;
  private static final int PNG_END = 0x49454E44;
  private static final int GIF_IMAGE = 0x2C;
  private static final int GIF_EXTENSION = 0x21;

  private FileStructure() {}

  /// What is missing, or empty for a complete file.
  static Optional<String> problem(ImageFormat format, byte[] bytes) {
    boolean complete =
        switch (format) {
          case JPEG -> jpegHasEnd(bytes);
          case PNG -> pngHasEnd(bytes);
          case WEBP -> webpHasAll(bytes);
          case GIF -> gifHasFirstFrame(bytes);
          case BMP -> bmpHasAllRows(bytes);
          // Strips lie anywhere in the file; the reader misses those that are not there.
          case TIFF -> true;
          // So does what an AVIF or HEIC is made of.
          case AVIF, HEIC -> true;
        };
    return complete
        ? Optional.empty()
        : Optional.of("%s of %d bytes is cut short".formatted(format, bytes.length));
  }

  /// Walks marker segments, and over entropy-coded data to the next marker, up to the end marker.
  /// End markers inside a segment (of an embedded thumbnail) are passed over with it.
  private static boolean jpegHasEnd(byte[] bytes) {
    int at = 2;
    while (at + 1 < bytes.length) {
      if ((bytes[at] & 0xFF) != 0xFF) {
        at++;
        continue;
      }
      int marker = bytes[at + 1] & 0xFF;
      if (marker == JPEG_END) {
        return true;
      }
      if (marker == 0xFF) {
        at++;
      } else if (marker == 0 || marker == 1 || (marker >= 0xD0 && marker <= 0xD8)) {
        at += 2;
      } else {
        if (at + 3 >= bytes.length) {
          return false;
        }
        // A scan's header is a segment like others; the data after it holds no markers but
        // restarts.
        int length = ((bytes[at + 2] & 0xFF) << 8) | (bytes[at + 3] & 0xFF);
        at += 2 + length;
        if (marker == JPEG_SCAN && at >= bytes.length) {
          return false;
        }
      }
    }
    return false;
  }

  private static boolean pngHasEnd(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    long at = 8;
    while (at + 12 <= bytes.length) {
      long length = buffer.getInt((int) at) & 0xFFFFFFFFL;
      if (buffer.getInt((int) at + 4) == PNG_END) {
        return true;
      }
      at += 12 + length;
    }
    return false;
  }

  private static boolean webpHasAll(byte[] bytes) {
    long size = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(4) & 0xFFFFFFFFL;
    return bytes.length >= 8 + size;
  }

  /// Only the first frame is used, so only it must be there.
  private static boolean gifHasFirstFrame(byte[] bytes) {
    if (bytes.length < 13) {
      return false;
    }
    int at = 13 + colourTableLength(bytes[10]);
    while (at < bytes.length) {
      int block = bytes[at] & 0xFF;
      if (block == GIF_EXTENSION) {
        at = endOfSubBlocks(bytes, at + 2);
      } else if (block == GIF_IMAGE && at + 10 < bytes.length) {
        return endOfSubBlocks(bytes, at + 11 + colourTableLength(bytes[at + 9])) <= bytes.length;
      } else {
        return false;
      }
    }
    return false;
  }

  private static int colourTableLength(byte flags) {
    return (flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1);
  }

  /// Position after the empty block that ends a chain of data blocks; past the end where it lacks.
  private static int endOfSubBlocks(byte[] bytes, int start) {
    int at = start;
    while (at < bytes.length) {
      int length = bytes[at] & 0xFF;
      at += 1 + length;
      if (length == 0) {
        return at;
      }
    }
    return bytes.length + 1;
  }

  /// Rows of uncompressed pictures have a known length. Those of run-length coded ones do not; the
  /// decoder must judge them.
  private static boolean bmpHasAllRows(byte[] bytes) {
    if (bytes.length < 34) {
      return false;
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    boolean os2 = buffer.getInt(14) == 12;
    long width = os2 ? buffer.getShort(18) & 0xFFFF : buffer.getInt(18);
    long height = os2 ? buffer.getShort(20) & 0xFFFF : Math.abs((long) buffer.getInt(22));
    long bitsPerPixel = os2 ? buffer.getShort(24) : buffer.getShort(28);
    int compression = os2 ? 0 : buffer.getInt(30);
    if (compression != 0 && compression != 3) {
      return true;
    }
    long row = (width * bitsPerPixel + 31) / 32 * 4;
    return (buffer.getInt(10) & 0xFFFFFFFFL) + row * height <= bytes.length;
  }
}
