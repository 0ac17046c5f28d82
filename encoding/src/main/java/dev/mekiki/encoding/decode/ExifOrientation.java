package dev.mekiki.encoding.decode;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/// Reads the orientation from a file's EXIF data, where browsers look for it: the first `Exif`
/// segment of a JPEG, the `eXIf` chunk of a PNG, the `EXIF` chunk of an extended WebP whose header
/// announces one. A TIFF is such data itself. GIF and BMP cannot carry EXIF.
///
/// Malformed EXIF data means upright: it never makes an image unreadable. OpenCV's own support is
/// switched off because it misses JPEGs whose XMP segment comes first, PNGs with transparency, and
/// WebP.
final class ExifOrientation {
  private static final int JPEG_APP1 = 0xE1;
  private static final int JPEG_SCAN = 0xDA;
  private static final int JPEG_END = 0xD9;
  private static final int PNG_EXIF = 0x65584966;
  private static final int PNG_END = 0x49454E44;
  private static final int WEBP_EXIF_FLAG = 8;

  private static final int ORIENTATION_TAG = 0x0112;
  private static final int ENTRY_BYTES = 12;
  private static final int SHORT = 3;
  private static final int LONG = 4;

  private ExifOrientation() {}

  static Orientation read(ImageFormat format, byte[] bytes) {
    ByteBuffer exif =
        switch (format) {
          case JPEG -> inJpeg(bytes);
          case PNG -> inPng(bytes);
          case WEBP -> inWebp(bytes);
          case TIFF -> ByteBuffer.wrap(bytes).slice();
          case GIF, BMP -> null;
          // Their container says it.
          case AVIF, HEIC -> null;
        };
    return exif == null ? Orientation.UPRIGHT : inTiff(withoutPrefix(exif));
  }

  private static @Nullable ByteBuffer inJpeg(byte[] bytes) {
    int at = 2;
    while (at + 3 < bytes.length) {
      int marker = bytes[at + 1] & 0xFF;
      // Decoders skip bytes between segments, too.
      if ((bytes[at] & 0xFF) != 0xFF || marker == 0xFF) {
        at++;
        continue;
      }
      if (marker == JPEG_SCAN || marker == JPEG_END) {
        return null;
      }
      int length = ((bytes[at + 2] & 0xFF) << 8) | (bytes[at + 3] & 0xFF);
      if (length < 2 || at + 2 + length > bytes.length) {
        return null;
      }
      // Other segments of this kind hold XMP.
      if (marker == JPEG_APP1 && ImageFormat.startsWith(bytes, at + 4, "Exif\0")) {
        return ByteBuffer.wrap(bytes, at + 4, length - 2).slice();
      }
      at += 2 + length;
    }
    return null;
  }

  private static @Nullable ByteBuffer inPng(byte[] bytes) {
    ByteBuffer file = ByteBuffer.wrap(bytes);
    int at = pngChunk(file, 8);
    if (at < 0) {
      return null;
    }
    int length = file.getInt(at);
    CRC32 checksum = new CRC32();
    checksum.update(bytes, at + 4, 4 + length);
    boolean intact = (int) checksum.getValue() == file.getInt(at + 8 + length);
    return intact ? file.slice(at + 8, length) : null;
  }

  /// The file of a PNG without its EXIF data: libpng 1.6 loses its place in the file, and with it
  /// the picture, where that data is malformed.
  ///
  /// @return the file itself where it has none
  static byte[] withoutPngExif(byte[] png) {
    byte[] rest = png;
    int at = pngChunk(ByteBuffer.wrap(rest), 8);
    while (at >= 0) {
      int end = at + 12 + ByteBuffer.wrap(rest).getInt(at);
      byte[] shorter = Arrays.copyOf(rest, rest.length - (end - at));
      System.arraycopy(rest, end, shorter, at, rest.length - end);
      rest = shorter;
      at = pngChunk(ByteBuffer.wrap(rest), at);
    }
    return rest;
  }

  /// Position of the first whole `eXIf` chunk from a chunk's position on; -1 where there is none.
  private static int pngChunk(ByteBuffer file, int start) {
    long at = start;
    while (at + 12 <= file.limit()) {
      long length = file.getInt((int) at) & 0xFFFFFFFFL;
      int type = file.getInt((int) at + 4);
      if (type == PNG_END || at + 12 + length > file.limit()) {
        return -1;
      }
      if (type == PNG_EXIF) {
        return (int) at;
      }
      at += 12 + length;
    }
    return -1;
  }

  private static @Nullable ByteBuffer inWebp(byte[] bytes) {
    ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.length < 30
        || !ImageFormat.startsWith(bytes, 12, "VP8X")
        || (bytes[20] & WEBP_EXIF_FLAG) == 0) {
      return null;
    }
    long at = 12;
    while (at + 8 <= bytes.length) {
      long length = file.getInt((int) at + 4) & 0xFFFFFFFFL;
      if (at + 8 + length > bytes.length) {
        return null;
      }
      if (ImageFormat.startsWith(bytes, (int) at, "EXIF")) {
        return file.slice((int) at + 8, (int) length);
      }
      // Chunks begin at even positions.
      at += 8 + length + (length & 1);
    }
    return null;
  }

  /// JPEG's prefix of 6 bytes, which some writers put into other formats, too. The last is a fill
  /// byte.
  private static ByteBuffer withoutPrefix(ByteBuffer exif) {
    byte[] start = new byte[Math.min(5, exif.remaining())];
    exif.get(0, start);
    return ImageFormat.startsWith(start, 0, "Exif\0") && exif.remaining() >= 6
        ? exif.slice(6, exif.remaining() - 6)
        : exif;
  }

  /// EXIF data is a TIFF file: a header with the byte order and the position of the first
  /// directory, which holds the orientation among its entries of 12 bytes.
  private static Orientation inTiff(ByteBuffer tiff) {
    if (tiff.remaining() < 8) {
      return Orientation.UPRIGHT;
    }
    switch (tiff.getShort(0)) {
      case 0x4949 -> tiff.order(ByteOrder.LITTLE_ENDIAN);
      case 0x4D4D -> tiff.order(ByteOrder.BIG_ENDIAN);
      default -> {
        return Orientation.UPRIGHT;
      }
    }
    long directory = tiff.getInt(4) & 0xFFFFFFFFL;
    if (tiff.getShort(2) != 42 || directory + 2 > tiff.limit()) {
      return Orientation.UPRIGHT;
    }
    int entries = tiff.getShort((int) directory) & 0xFFFF;
    for (int entry = 0; entry < entries; entry++) {
      long at = directory + 2 + (long) entry * ENTRY_BYTES;
      if (at + ENTRY_BYTES > tiff.limit()) {
        return Orientation.UPRIGHT;
      }
      if ((tiff.getShort((int) at) & 0xFFFF) == ORIENTATION_TAG) {
        return Orientation.ofExif(value(tiff, (int) at));
      }
    }
    return Orientation.UPRIGHT;
  }

  /// The number in an entry; 0 where it holds none.
  private static long value(ByteBuffer tiff, int entry) {
    int type = tiff.getShort(entry + 2);
    if (tiff.getInt(entry + 4) != 1) {
      return 0;
    }
    return switch (type) {
      case SHORT -> tiff.getShort(entry + 8) & 0xFFFF;
      case LONG -> tiff.getInt(entry + 8) & 0xFFFFFFFFL;
      default -> 0;
    };
  }
}
