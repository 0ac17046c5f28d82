package dev.mekiki.encoder;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import javax.imageio.ImageIO;

/// Pictures and what only looks like pictures, drawn from seeds.
public final class SampleImages {
  private static final int SIDE = 48;

  private SampleImages() {}

  public static byte[] jpeg(long seed) {
    return written(seed, "jpg");
  }

  public static byte[] png(long seed) {
    return written(seed, "png");
  }

  /// A JPEG of exactly that many bytes, filled up with comments.
  public static byte[] jpegOfSize(int bytes) {
    byte[] jpeg = jpeg(bytes);
    ByteBuffer sized = ByteBuffer.allocate(bytes);
    sized.put(jpeg, 0, 2);
    int left = bytes - jpeg.length;
    while (left > 0) {
      // A comment takes 4 bytes and its text; none may be left that is too short for one.
      int segment = left <= 60_000 ? left : Math.min(60_000, left - 4);
      sized.putShort((short) 0xFFFE).putShort((short) (segment - 2)).put(new byte[segment - 4]);
      left -= segment;
    }
    return sized.put(jpeg, 2, jpeg.length - 2).array();
  }

  public static byte[] truncatedJpeg() {
    byte[] jpeg = jpeg(7);
    return Arrays.copyOf(jpeg, jpeg.length / 2);
  }

  public static byte[] textNamedJpg() {
    return "This is no image, whatever its name says.".getBytes(StandardCharsets.UTF_8);
  }

  /// A PNG of a few bytes that says it is 30,000 x 30,000 pixels.
  public static byte[] hugePng() {
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    png.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'});
    // 8 bits of grey, no interlacing.
    byte[] header = ByteBuffer.allocate(13).putInt(30_000).putInt(30_000).put((byte) 8).array();
    chunk(png, "IHDR", header);
    Deflater deflater = new Deflater();
    deflater.setInput(new byte[300_000]);
    deflater.finish();
    byte[] packed = new byte[4096];
    int length = deflater.deflate(packed);
    deflater.end();
    chunk(png, "IDAT", Arrays.copyOf(packed, length));
    chunk(png, "IEND", new byte[0]);
    return png.toByteArray();
  }

  private static void chunk(ByteArrayOutputStream png, String type, byte[] data) {
    byte[] content =
        ByteBuffer.allocate(4 + data.length)
            .put(type.getBytes(StandardCharsets.US_ASCII))
            .put(data)
            .array();
    CRC32 checksum = new CRC32();
    checksum.update(content);
    png.writeBytes(ByteBuffer.allocate(4).putInt(data.length).array());
    png.writeBytes(content);
    png.writeBytes(ByteBuffer.allocate(4).putInt((int) checksum.getValue()).array());
  }

  private static byte[] written(long seed, String format) {
    Random random = new Random(seed);
    BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    for (int i = 0; i < 12; i++) {
      graphics.setColor(new Color(random.nextInt(1 << 24)));
      graphics.fillRect(
          random.nextInt(SIDE), random.nextInt(SIDE), random.nextInt(SIDE), random.nextInt(SIDE));
    }
    graphics.dispose();
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      ImageIO.write(image, format, bytes);
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
