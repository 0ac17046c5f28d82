package dev.mekiki.encoding.decode;

import java.awt.color.CMMException;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.ColorConvertOp;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;
import org.opencv.core.Mat;

/// The ICC profile that a file carries, and the conversion of its pixels to sRGB: so a picture in
/// Display P3, Adobe RGB or ProPhoto is what its twin in sRGB is. Where browsers look for it: the
/// `ICC_PROFILE` segments of a JPEG, the `iCCP` chunk of a PNG, the `ICCP` chunk of an extended
/// WebP. A profile that is malformed, or of another kind than RGB, is ignored. Stateless.
final class ColorProfile {
  private static final int JPEG_APP2 = 0xE2;
  private static final int JPEG_SCAN = 0xDA;
  private static final int JPEG_END = 0xD9;
  private static final String JPEG_NAME = "ICC_PROFILE\0";
  private static final int PNG_PROFILE = 0x69434350;
  private static final int PNG_DATA = 0x49444154;
  private static final int WEBP_PROFILE_FLAG = 0x20;

  /// Real profiles have up to half of this.
  static final int MAX_BYTES = 4 << 20;

  private static final int PROFILE_HEADER_BYTES = 128;

  /// Differences of a channel that count as none: profiles of sRGB differ by rounding.
  private static final int MAX_DIFFERENCE = 3;

  private static final int[] LEVELS = {0, 32, 96, 160, 224, 255};

  private ColorProfile() {}

  /// Converts pixels to sRGB if the file says that they are something else.
  ///
  /// @param bgr 8 bits, continuous; changed
  static void toSrgb(ImageFormat format, byte[] file, Mat bgr) {
    toSrgb(profile(format, file), bgr);
  }

  /// Converts pixels to sRGB if a profile says that they are something else.
  ///
  /// @param bytes null: there is none
  /// @param bgr 8 bits, continuous; changed
  static void toSrgb(byte @Nullable [] bytes, Mat bgr) {
    if (bytes == null || bytes.length < PROFILE_HEADER_BYTES) {
      return;
    }
    try {
      ICC_Profile profile = ICC_Profile.getInstance(bytes);
      if (profile.getColorSpaceType() == ColorSpace.TYPE_RGB && !isSrgb(profile)) {
        int width = bgr.cols();
        byte[] pixels = new byte[3 * width * bgr.rows()];
        bgr.get(0, 0, pixels);
        convert(profile, pixels, width, bgr.rows());
        bgr.put(0, 0, pixels);
      }
    } catch (IllegalArgumentException | CMMException e) {
      // No profile, whatever it calls itself; browsers show such a picture as sRGB, too.
    }
  }

  /// Whether the profile takes a grid of colours to where they are.
  private static boolean isSrgb(ICC_Profile profile) {
    int count = LEVELS.length * LEVELS.length * LEVELS.length;
    byte[] colours = new byte[3 * count];
    int at = 0;
    for (int blue : LEVELS) {
      for (int green : LEVELS) {
        for (int red : LEVELS) {
          colours[at++] = (byte) blue;
          colours[at++] = (byte) green;
          colours[at++] = (byte) red;
        }
      }
    }
    byte[] converted = colours.clone();
    convert(profile, converted, count, 1);
    for (int i = 0; i < colours.length; i++) {
      if (Math.abs((colours[i] & 0xFF) - (converted[i] & 0xFF)) > MAX_DIFFERENCE) {
        return false;
      }
    }
    return true;
  }

  private static void convert(ICC_Profile profile, byte[] bgr, int width, int height) {
    WritableRaster from = raster(bgr.clone(), width, height);
    WritableRaster to = raster(bgr, width, height);
    ICC_Profile srgb = ICC_Profile.getInstance(ColorSpace.CS_sRGB);
    new ColorConvertOp(new ICC_Profile[] {profile, srgb}, null).filter(from, to);
  }

  /// Pixels of blue, green, red as bands of red, green, blue.
  private static WritableRaster raster(byte[] bgr, int width, int height) {
    return Raster.createInterleavedRaster(
        new DataBufferByte(bgr, bgr.length),
        width,
        height,
        3 * width,
        3,
        new int[] {2, 1, 0},
        null);
  }

  private static byte @Nullable [] profile(ImageFormat format, byte[] file) {
    return switch (format) {
      case JPEG -> inJpeg(file);
      case PNG -> inPng(file);
      case WEBP -> inWebp(file);
      // Readers of TIFF convert by themselves.
      case GIF, BMP, TIFF -> null;
      case AVIF, HEIC -> throw new IllegalArgumentException("its profile is read with its pixels");
    };
  }

  /// A profile may be spread over segments, which carry their numbers.
  private static byte @Nullable [] inJpeg(byte[] file) {
    Map<Integer, byte[]> parts = new TreeMap<>();
    int total = 0;
    int at = 2;
    while (at + 3 < file.length) {
      int marker = file[at + 1] & 0xFF;
      if ((file[at] & 0xFF) != 0xFF || marker == 0xFF) {
        at++;
        continue;
      }
      if (marker == JPEG_SCAN || marker == JPEG_END) {
        break;
      }
      int length = ((file[at + 2] & 0xFF) << 8) | (file[at + 3] & 0xFF);
      int data = at + 4 + JPEG_NAME.length() + 2;
      int end = at + 2 + length;
      if (length < 2 || end > file.length) {
        return null;
      }
      if (marker == JPEG_APP2 && data <= end && ImageFormat.startsWith(file, at + 4, JPEG_NAME)) {
        parts.put(file[data - 2] & 0xFF, Arrays.copyOfRange(file, data, end));
        total = file[data - 1] & 0xFF;
      }
      at = end;
    }
    if (parts.isEmpty() || parts.size() != total) {
      return null;
    }
    ByteArrayOutputStream profile = new ByteArrayOutputStream();
    parts.values().forEach(profile::writeBytes);
    return profile.size() > MAX_BYTES ? null : profile.toByteArray();
  }

  private static byte @Nullable [] inPng(byte[] file) {
    ByteBuffer png = ByteBuffer.wrap(file);
    long at = 8;
    while (at + 12 <= file.length) {
      long length = png.getInt((int) at) & 0xFFFFFFFFL;
      int type = png.getInt((int) at + 4);
      if (type == PNG_DATA || at + 12 + length > file.length) {
        return null;
      }
      if (type == PNG_PROFILE) {
        return inflated(file, (int) at + 8, (int) length);
      }
      at += 12 + length;
    }
    return null;
  }

  /// A name, a zero, the method of compression, the compressed profile.
  private static byte @Nullable [] inflated(byte[] file, int start, int length) {
    int end = start + length;
    int at = start;
    while (at < end && file[at] != 0) {
      at++;
    }
    if (at + 2 > end) {
      return null;
    }
    Inflater inflater = new Inflater();
    inflater.setInput(file, at + 2, end - at - 2);
    ByteArrayOutputStream profile = new ByteArrayOutputStream();
    byte[] buffer = new byte[8192];
    try {
      while (!inflater.finished()) {
        int count = inflater.inflate(buffer);
        if (count == 0 || profile.size() + count > MAX_BYTES) {
          return null;
        }
        profile.write(buffer, 0, count);
      }
      return profile.toByteArray();
    } catch (DataFormatException e) {
      return null;
    } finally {
      inflater.end();
    }
  }

  private static byte @Nullable [] inWebp(byte[] file) {
    if (file.length < 30 || file[12] != 'V' || file[15] != 'X') {
      return null;
    }
    if ((file[20] & WEBP_PROFILE_FLAG) == 0) {
      return null;
    }
    ByteBuffer webp = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    long at = 12;
    while (at + 8 <= file.length) {
      long length = webp.getInt((int) at + 4) & 0xFFFFFFFFL;
      if (at + 8 + length > file.length) {
        return null;
      }
      if (ImageFormat.startsWith(file, (int) at, "ICCP")) {
        return length > MAX_BYTES
            ? null
            : Arrays.copyOfRange(file, (int) at + 8, (int) (at + 8 + length));
      }
      at += 8 + length + (length & 1);
    }
    return null;
  }
}
