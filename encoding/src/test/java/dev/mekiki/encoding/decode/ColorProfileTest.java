package dev.mekiki.encoding.decode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.encoding.TestImages;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.BufferedImage;
import java.awt.image.ColorConvertOp;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.opencv.core.Mat;
import org.opencv.core.MatOfByte;
import org.opencv.core.MatOfInt;
import org.opencv.imgcodecs.Imgcodecs;

/// A picture with a profile is decoded as its twin in sRGB.
class ColorProfileTest {
  private static final int WIDTH = 160;
  private static final int HEIGHT = 120;

  private final ImageDecoder decoder = new ImageDecoder(4 << 20, 1_000_000);
  private final BufferedImage scene = TestImages.scene(4, WIDTH, HEIGHT);

  /// sRGB with the primaries of Display P3, adapted to D50 (SMPTE EG 432-1).
  static byte[] displayP3() {
    ICC_Profile profile =
        ICC_Profile.getInstance(ICC_Profile.getInstance(ColorSpace.CS_sRGB).getData());
    profile.setData(ICC_Profile.icSigRedColorantTag, xyz(0.51512, 0.24120, -0.00105));
    profile.setData(ICC_Profile.icSigGreenColorantTag, xyz(0.29198, 0.69225, 0.04189));
    profile.setData(ICC_Profile.icSigBlueColorantTag, xyz(0.15710, 0.06657, 0.78407));
    return profile.getData();
  }

  private static byte[] xyz(double x, double y, double z) {
    ByteBuffer tag =
        ByteBuffer.allocate(20).put("XYZ \0\0\0\0".getBytes(StandardCharsets.US_ASCII));
    for (double value : new double[] {x, y, z}) {
      tag.putInt((int) Math.round(value * 65536));
    }
    return tag.array();
  }

  /// The scene's colours expressed in another space.
  private BufferedImage in(byte[] profile) {
    BufferedImage converted = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
    WritableRaster from = bands(scene);
    WritableRaster to = Raster.createInterleavedRaster(0, WIDTH, HEIGHT, 3, null);
    new ColorConvertOp(
            new ICC_Profile[] {
              ICC_Profile.getInstance(ColorSpace.CS_sRGB), ICC_Profile.getInstance(profile)
            },
            null)
        .filter(from, to);
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        int[] rgb = to.getPixel(x, y, (int[]) null);
        converted.setRGB(x, y, rgb[0] << 16 | rgb[1] << 8 | rgb[2]);
      }
    }
    return converted;
  }

  private static WritableRaster bands(BufferedImage image) {
    WritableRaster bands = Raster.createInterleavedRaster(0, WIDTH, HEIGHT, 3, null);
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        int rgb = image.getRGB(x, y);
        bands.setPixel(x, y, new int[] {rgb >> 16 & 0xFF, rgb >> 8 & 0xFF, rgb & 0xFF});
      }
    }
    return bands;
  }

  @Test
  void pngWithAProfileIsItsTwinInSrgb() throws Exception {
    byte[] wide = TestImages.file(in(displayP3()), "png");

    // Without the profile the colours are others: the test would notice.
    assertThat(meanDifference(wide)).isGreaterThan(4);
    assertThat(meanDifference(pngWithProfile(wide, displayP3()))).isLessThan(1.5);
  }

  @Test
  void jpegWithAProfileInSegmentsIsItsTwinInSrgb() throws Exception {
    byte[] wide = TestImages.jpeg(in(displayP3()), 0.98f);

    assertThat(meanDifference(wide)).isGreaterThan(4);
    assertThat(meanDifference(jpegWithProfile(wide, displayP3()))).isLessThan(2.5);
  }

  @Test
  void webpWithAProfileIsItsTwinInSrgb() throws Exception {
    byte[] wide = webp(in(displayP3()));

    assertThat(meanDifference(webpWithProfile(wide, displayP3()))).isLessThan(3);
  }

  @Test
  void profileOfSrgbChangesNothing() throws Exception {
    byte[] plain = TestImages.file(scene, "png");
    byte[] srgb = ICC_Profile.getInstance(ColorSpace.CS_sRGB).getData();

    assertThat(pixels(pngWithProfile(plain, srgb))).isEqualTo(pixels(plain));
  }

  @Test
  void malformedProfilesAndThoseOfOtherKindsAreIgnored() throws Exception {
    byte[] plain = TestImages.file(scene, "png");
    byte[] expected = pixels(plain);
    byte[] grey = ICC_Profile.getInstance(ColorSpace.CS_GRAY).getData();

    assertThat(pixels(pngWithProfile(plain, grey))).isEqualTo(expected);
    assertThat(pixels(pngWithProfile(plain, new byte[500]))).isEqualTo(expected);
    assertThat(pixels(pngWithProfile(plain, new byte[0]))).isEqualTo(expected);
    Random random = new Random(1);
    byte[] p3 = displayP3();
    for (int i = 0; i < 300; i++) {
      byte[] damaged = Arrays.copyOf(p3, random.nextInt(p3.length));
      for (int flip = 0; damaged.length > 0 && flip < 4; flip++) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      }
      assertThat(pixels(pngWithProfile(plain, damaged))).hasSameSizeAs(expected);
    }
  }

  private byte[] pixels(byte[] file) throws BadImageException {
    try (DecodedImage image = decoder.decode(file)) {
      byte[] pixels = new byte[3 * WIDTH * HEIGHT];
      image.bgr().get(0, 0, pixels);
      return pixels;
    }
  }

  /// From the scene, in levels.
  private double meanDifference(byte[] file) throws BadImageException {
    byte[] pixels = pixels(file);
    long sum = 0;
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        int rgb = scene.getRGB(x, y);
        int at = 3 * (y * WIDTH + x);
        sum += Math.abs((rgb & 0xFF) - (pixels[at] & 0xFF));
        sum += Math.abs((rgb >> 8 & 0xFF) - (pixels[at + 1] & 0xFF));
        sum += Math.abs((rgb >> 16 & 0xFF) - (pixels[at + 2] & 0xFF));
      }
    }
    return sum / (3.0 * WIDTH * HEIGHT);
  }

  /// With an `iCCP` chunk right behind the header.
  static byte[] pngWithProfile(byte[] png, byte[] profile) {
    Deflater deflater = new Deflater();
    deflater.setInput(profile);
    deflater.finish();
    byte[] packed = new byte[profile.length + 100];
    int length = deflater.deflate(packed);
    deflater.end();
    byte[] name = "wide\0\0".getBytes(StandardCharsets.US_ASCII);
    ByteBuffer chunk = ByteBuffer.allocate(12 + name.length + length);
    chunk.putInt(name.length + length).put("iCCP".getBytes(StandardCharsets.US_ASCII));
    chunk.put(name).put(packed, 0, length);
    CRC32 checksum = new CRC32();
    checksum.update(chunk.array(), 4, chunk.position() - 4);
    chunk.putInt((int) checksum.getValue());
    // The signature and the header chunk take 33 bytes.
    return joined(Arrays.copyOf(png, 33), chunk.array(), Arrays.copyOfRange(png, 33, png.length));
  }

  private static byte[] jpegWithProfile(byte[] jpeg, byte[] profile) {
    int half = profile.length / 2;
    return joined(
        Arrays.copyOf(jpeg, 2),
        segment(2, Arrays.copyOfRange(profile, half, profile.length)),
        segment(1, Arrays.copyOf(profile, half)),
        Arrays.copyOfRange(jpeg, 2, jpeg.length));
  }

  private static byte[] segment(int number, byte[] part) {
    byte[] name = "ICC_PROFILE\0".getBytes(StandardCharsets.US_ASCII);
    return ByteBuffer.allocate(4 + name.length + 2 + part.length)
        .putShort((short) 0xFFE2)
        .putShort((short) (2 + name.length + 2 + part.length))
        .put(name)
        .put((byte) number)
        .put((byte) 2)
        .put(part)
        .array();
  }

  private static byte[] webp(BufferedImage image) throws IOException {
    new ImageDecoder(1, 1); // loads OpenCV
    MatOfByte png = new MatOfByte(TestImages.file(image, "png"));
    Mat pixels = Imgcodecs.imdecode(png, Imgcodecs.IMREAD_COLOR);
    MatOfByte webp = new MatOfByte();
    MatOfInt lossless = new MatOfInt(Imgcodecs.IMWRITE_WEBP_QUALITY, 101);
    try {
      assertThat(Imgcodecs.imencode(".webp", pixels, webp, lossless)).isTrue();
      return webp.toArray();
    } finally {
      lossless.release();
      webp.release();
      pixels.release();
      png.release();
    }
  }

  /// As an extended WebP.
  private static byte[] webpWithProfile(byte[] webp, byte[] profile) {
    byte[] picture = Arrays.copyOfRange(webp, 12, webp.length);
    ByteBuffer header = ByteBuffer.allocate(18).order(ByteOrder.LITTLE_ENDIAN);
    header.put("VP8X".getBytes(StandardCharsets.US_ASCII)).putInt(10).putInt(0x20);
    put24(header, WIDTH - 1);
    put24(header, HEIGHT - 1);
    ByteBuffer icc =
        ByteBuffer.allocate(8 + profile.length + (profile.length & 1))
            .order(ByteOrder.LITTLE_ENDIAN);
    icc.put("ICCP".getBytes(StandardCharsets.US_ASCII)).putInt(profile.length).put(profile);
    byte[] chunks = joined(header.array(), icc.array(), picture);
    ByteBuffer riff = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
    riff.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(4 + chunks.length);
    riff.put("WEBP".getBytes(StandardCharsets.US_ASCII));
    return joined(riff.array(), chunks);
  }

  private static void put24(ByteBuffer buffer, int value) {
    buffer.put((byte) value).put((byte) (value >> 8)).put((byte) (value >> 16));
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }
}
