package dev.mekiki.encoding.decode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.encoding.TestImages;
import dev.mekiki.hashing.pdq.Fingerprint;
import dev.mekiki.hashing.pdq.PdqHasher;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.opencv.core.Mat;
import org.opencv.core.MatOfByte;
import org.opencv.core.MatOfInt;
import org.opencv.imgcodecs.Imgcodecs;

final class ExifOrientationTest {
  private static final int WIDTH = 150;
  private static final int HEIGHT = 90;

  private final ImageDecoder decoder = new ImageDecoder(16 << 20, 100_000_000);

  /// Everything that can carry EXIF data: an animated WebP is decoded by another library.
  enum Carrier {
    JPEG,
    PNG,
    PNG_WITH_TRANSPARENCY,
    WEBP,
    ANIMATED_WEBP
  }

  private static Stream<Arguments> everyCarrierAndOrientation() {
    return Arrays.stream(Carrier.values())
        .flatMap(
            carrier -> IntStream.rangeClosed(1, 8).mapToObj(value -> Arguments.of(carrier, value)));
  }

  @ParameterizedTest
  @MethodSource("everyCarrierAndOrientation")
  void storedPixelsAreTurnedOnce(Carrier carrier, int orientation) throws Exception {
    byte[] stored = file(carrier, scene());

    try (DecodedImage asStored = decoder.decode(stored);
        DecodedImage upright =
            decoder.decode(with(carrier, stored, exif(ByteOrder.BIG_ENDIAN, orientation)))) {
      assertThat(pixels(upright)).isDeepEqualTo(turned(pixels(asStored), orientation));
      assertThat(upright.width()).isEqualTo(orientation < 5 ? WIDTH : HEIGHT);
      assertThat(upright.height()).isEqualTo(orientation < 5 ? HEIGHT : WIDTH);
    }
  }

  @ParameterizedTest
  @MethodSource("everyCarrierAndOrientation")
  void turnedFileHasTheFingerprintOfItsUprightTwin(Carrier carrier, int orientation)
      throws Exception {
    BufferedImage scene = scene();
    byte[] upright = file(carrier, scene);
    byte[] turned =
        with(
            carrier,
            file(carrier, stored(scene, orientation)),
            exif(ByteOrder.LITTLE_ENDIAN, orientation));

    // JPEG compresses blocks of another direction: not to the last bit.
    assertThat(fingerprint(turned).distance(fingerprint(upright)))
        .isLessThanOrEqualTo(carrier == Carrier.JPEG ? 6 : 0);
    if (orientation != 1) {
      assertThat(
              fingerprint(file(carrier, stored(scene, orientation))).distance(fingerprint(upright)))
          .as("without EXIF data")
          .isGreaterThan(31);
    }
  }

  @Test
  void largePictureIsTurnedBeforeItIsShrunk() throws Exception {
    BufferedImage scene = TestImages.scene(4, 1500, 1030);
    byte[] upright = TestImages.file(scene, "png");
    byte[] turned =
        with(Carrier.PNG, TestImages.file(stored(scene, 6), "png"), exif(ByteOrder.BIG_ENDIAN, 6));

    try (DecodedImage expected = decoder.decode(upright);
        DecodedImage actual = decoder.decode(turned)) {
      assertThat(actual.width()).isEqualTo(1500);
      assertThat(pixels(actual)).isDeepEqualTo(pixels(expected));
    }
  }

  @Test
  void jpegWhoseXmpComesFirstIsTurned() throws Exception {
    byte[] file = with(Carrier.JPEG, file(Carrier.JPEG, scene()), exif(ByteOrder.BIG_ENDIAN, 6));
    byte[] xmp = "http://ns.adobe.com/xap/1.0/\0<x/>".getBytes(StandardCharsets.US_ASCII);

    assertThat(read(ImageFormat.JPEG, insert(file, 2, segment(xmp))))
        .isEqualTo(Orientation.TURN_RIGHT);
  }

  @ParameterizedTest
  @EnumSource(Carrier.class)
  void prefixOfJpegIsTakenInEveryFormat(Carrier carrier) throws Exception {
    byte[] exif = exif(ByteOrder.LITTLE_ENDIAN, 3);
    byte[] prefixed =
        carrier == Carrier.JPEG
            ? exif
            : insert(exif, 0, "Exif\0\0".getBytes(StandardCharsets.US_ASCII));

    assertThat(read(format(carrier), with(carrier, file(carrier, scene()), prefixed)))
        .isEqualTo(Orientation.TURNED_180);
  }

  @Test
  void chunkAfterThePixelsOfAPngCounts() throws Exception {
    byte[] png = TestImages.file(scene(), "png");
    byte[] chunk = pngChunk("eXIf", exif(ByteOrder.BIG_ENDIAN, 8));

    assertThat(read(ImageFormat.PNG, insert(png, png.length - 12, chunk)))
        .isEqualTo(Orientation.TURN_LEFT);
  }

  @Test
  void damagedChunkOfAPngIsIgnored() throws Exception {
    byte[] file = with(Carrier.PNG, file(Carrier.PNG, scene()), exif(ByteOrder.BIG_ENDIAN, 6));
    // The first byte of the checksum.
    file[33 + 8 + exif(ByteOrder.BIG_ENDIAN, 6).length] ^= 1;

    assertThat(read(ImageFormat.PNG, file)).isEqualTo(Orientation.UPRIGHT);
  }

  @Test
  void chunkThatTheHeaderOfAWebpDoesNotAnnounceIsIgnored() throws Exception {
    byte[] file = with(Carrier.WEBP, file(Carrier.WEBP, scene()), exif(ByteOrder.BIG_ENDIAN, 6));
    file[20] &= ~8;

    assertThat(read(ImageFormat.WEBP, file)).isEqualTo(Orientation.UPRIGHT);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 9, 255, 65_535})
  void valueThatExifDoesNotDefineMeansUpright(int value) throws Exception {
    byte[] file = with(Carrier.PNG, file(Carrier.PNG, scene()), exif(ByteOrder.BIG_ENDIAN, value));

    assertThat(read(ImageFormat.PNG, file)).isEqualTo(Orientation.UPRIGHT);
  }

  @ParameterizedTest
  @EnumSource(Carrier.class)
  void malformedExifDataNeverFailsAnImage(Carrier carrier) throws Exception {
    byte[] stored = file(carrier, scene());
    Random random = new Random(21);
    for (int i = 0; i < 300; i++) {
      byte[] exif = exif(i % 2 == 0 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN, 6);
      for (int change = 0; change <= random.nextInt(4); change++) {
        exif[random.nextInt(exif.length)] = (byte) random.nextInt(256);
      }
      byte[] cut = Arrays.copyOf(exif, random.nextInt(exif.length + 1));
      // Read by hand, and now and then with everything that decoding does.
      assertThat(read(format(carrier), with(carrier, stored, cut))).isNotNull();
      if (i % 30 == 0) {
        decoder.decode(with(carrier, stored, cut)).close();
      }
    }
  }

  private static Orientation read(ImageFormat format, byte[] file) {
    return ExifOrientation.read(format, file);
  }

  private Fingerprint fingerprint(byte[] file) throws Exception {
    try (DecodedImage image = decoder.decode(file)) {
      return PdqHasher.hash(image.luminance(), image.bgr().cols(), image.bgr().rows());
    }
  }

  private static BufferedImage scene() {
    return TestImages.scene(11, WIDTH, HEIGHT);
  }

  /// Packed blue, green and red by row and column.
  private static int[][] pixels(DecodedImage image) {
    Mat bgr = image.bgr();
    byte[] row = new byte[3 * bgr.cols()];
    int[][] pixels = new int[bgr.rows()][bgr.cols()];
    for (int y = 0; y < bgr.rows(); y++) {
      bgr.get(y, 0, row);
      for (int x = 0; x < bgr.cols(); x++) {
        pixels[y][x] =
            (row[3 * x] & 0xFF) << 16 | (row[3 * x + 1] & 0xFF) << 8 | (row[3 * x + 2] & 0xFF);
      }
    }
    return pixels;
  }

  /// What EXIF says: where the row 0 and the column 0 of the stored picture are in the scene.
  private static int[][] turned(int[][] stored, int orientation) {
    int height = stored.length;
    int width = stored[0].length;
    int[][] upright = orientation < 5 ? new int[height][width] : new int[width][height];
    for (int row = 0; row < height; row++) {
      for (int column = 0; column < width; column++) {
        int right = width - 1 - column;
        int bottom = height - 1 - row;
        switch (orientation) {
          case 1 -> upright[row][column] = stored[row][column];
          case 2 -> upright[row][right] = stored[row][column];
          case 3 -> upright[bottom][right] = stored[row][column];
          case 4 -> upright[bottom][column] = stored[row][column];
          // Row 0 is the left side from here on, or the right one.
          case 5 -> upright[column][row] = stored[row][column];
          case 6 -> upright[column][bottom] = stored[row][column];
          case 7 -> upright[right][bottom] = stored[row][column];
          default -> upright[right][row] = stored[row][column];
        }
      }
    }
    return upright;
  }

  /// The picture as a camera stores it that says the given orientation.
  private static BufferedImage stored(BufferedImage scene, int orientation) {
    int[][] upright = new int[scene.getHeight()][scene.getWidth()];
    for (int y = 0; y < scene.getHeight(); y++) {
      for (int x = 0; x < scene.getWidth(); x++) {
        upright[y][x] = scene.getRGB(x, y);
      }
    }
    // Quarter turns undo each other, all others themselves.
    int inverse =
        switch (orientation) {
          case 6 -> 8;
          case 8 -> 6;
          default -> orientation;
        };
    int[][] stored = turned(upright, inverse);
    BufferedImage image =
        new BufferedImage(stored[0].length, stored.length, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < stored.length; y++) {
      for (int x = 0; x < stored[0].length; x++) {
        image.setRGB(x, y, stored[y][x]);
      }
    }
    return image;
  }

  private static ImageFormat format(Carrier carrier) {
    return switch (carrier) {
      case JPEG -> ImageFormat.JPEG;
      case PNG, PNG_WITH_TRANSPARENCY -> ImageFormat.PNG;
      case WEBP, ANIMATED_WEBP -> ImageFormat.WEBP;
    };
  }

  private static byte[] file(Carrier carrier, BufferedImage image) throws Exception {
    return switch (carrier) {
      case JPEG -> TestImages.jpeg(image, 0.95f);
      case PNG -> TestImages.file(image, "png");
      case PNG_WITH_TRANSPARENCY -> TestImages.file(transparent(image), "png");
      case WEBP -> extendedWebp(losslessWebp(image), image.getWidth(), image.getHeight());
      case ANIMATED_WEBP -> animatedWebp(losslessWebp(image), image.getWidth(), image.getHeight());
    };
  }

  private static BufferedImage transparent(BufferedImage image) {
    BufferedImage copy =
        new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_INT_ARGB);
    copy.createGraphics().drawImage(image, 0, 0, null);
    copy.setRGB(0, 0, 0x80FF0000);
    return copy;
  }

  /// The file with EXIF data where its format has it.
  private static byte[] with(Carrier carrier, byte[] file, byte[] exif) {
    return switch (carrier) {
      case JPEG ->
          insert(file, 2, segment(insert(exif, 0, "Exif\0\0".getBytes(StandardCharsets.US_ASCII))));
      // After the header: 8 bytes of signature, 25 of IHDR.
      case PNG, PNG_WITH_TRANSPARENCY -> insert(file, 33, pngChunk("eXIf", exif));
      case WEBP, ANIMATED_WEBP -> {
        byte[] larger = insert(file, file.length, riffChunk("EXIF", exif));
        ByteBuffer.wrap(larger).order(ByteOrder.LITTLE_ENDIAN).putInt(4, larger.length - 8);
        larger[20] |= 8;
        yield larger;
      }
    };
  }

  /// EXIF data with two tags, the second of them the orientation.
  private static byte[] exif(ByteOrder order, int orientation) {
    ByteBuffer tiff = ByteBuffer.allocate(38).order(order);
    tiff.putShort(order == ByteOrder.BIG_ENDIAN ? (short) 0x4D4D : (short) 0x4949);
    tiff.putShort((short) 42).putInt(8).putShort((short) 2);
    tiff.putShort((short) 0x0100).putShort((short) 3).putInt(1).putShort((short) WIDTH);
    tiff.putShort((short) 0);
    tiff.putShort((short) 0x0112).putShort((short) 3).putInt(1).putShort((short) orientation);
    tiff.putShort((short) 0).putInt(0);
    return tiff.array();
  }

  private static byte[] segment(byte[] content) {
    return ByteBuffer.allocate(4 + content.length)
        .putShort((short) 0xFFE1)
        .putShort((short) (2 + content.length))
        .put(content)
        .array();
  }

  private static byte[] losslessWebp(BufferedImage image) throws Exception {
    new ImageDecoder(1, 1); // loads OpenCV
    MatOfByte png = new MatOfByte(TestImages.file(image, "png"));
    Mat pixels = Imgcodecs.imdecode(png, Imgcodecs.IMREAD_COLOR);
    MatOfByte webp = new MatOfByte();
    MatOfInt parameters = new MatOfInt(Imgcodecs.IMWRITE_WEBP_QUALITY, 101);
    try {
      assertThat(Imgcodecs.imencode(".webp", pixels, webp, parameters)).isTrue();
      return webp.toArray();
    } finally {
      parameters.release();
      webp.release();
      pixels.release();
      png.release();
    }
  }

  private static byte[] extendedWebp(byte[] simple, int width, int height) {
    byte[] picture = Arrays.copyOfRange(simple, 12, simple.length);
    return riff(vp8x(0, width, height), picture);
  }

  private static byte[] animatedWebp(byte[] simple, int width, int height) {
    byte[] picture = Arrays.copyOfRange(simple, 12, simple.length);
    ByteBuffer frame = ByteBuffer.allocate(16 + picture.length);
    frame.put(new byte[6]).put(int24(width - 1)).put(int24(height - 1)).put(int24(100));
    frame.put((byte) 0).put(picture);
    byte[] frameChunk = riffChunk("ANMF", frame.array());
    return riff(vp8x(2, width, height), riffChunk("ANIM", new byte[6]), frameChunk, frameChunk);
  }

  private static byte[] vp8x(int flags, int width, int height) {
    return riffChunk(
        "VP8X",
        ByteBuffer.allocate(10)
            .put((byte) flags)
            .put(new byte[3])
            .put(int24(width - 1))
            .put(int24(height - 1))
            .array());
  }

  private static byte[] riff(byte[]... chunks) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes("WEBP".getBytes(StandardCharsets.US_ASCII));
    for (byte[] chunk : chunks) {
      body.writeBytes(chunk);
    }
    return riffChunk("RIFF", body.toByteArray());
  }

  private static byte[] riffChunk(String name, byte[] content) {
    return ByteBuffer.allocate(8 + content.length + (content.length & 1))
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(name.getBytes(StandardCharsets.US_ASCII))
        .putInt(content.length)
        .put(content)
        .array();
  }

  private static byte[] int24(int value) {
    return new byte[] {(byte) value, (byte) (value >> 8), (byte) (value >> 16)};
  }

  private static byte[] pngChunk(String name, byte[] content) {
    CRC32 crc = new CRC32();
    crc.update(name.getBytes(StandardCharsets.US_ASCII));
    crc.update(content);
    return ByteBuffer.allocate(12 + content.length)
        .putInt(content.length)
        .put(name.getBytes(StandardCharsets.US_ASCII))
        .put(content)
        .putInt((int) crc.getValue())
        .array();
  }

  private static byte[] insert(byte[] bytes, int at, byte[] inserted) {
    return ByteBuffer.allocate(bytes.length + inserted.length)
        .put(bytes, 0, at)
        .put(inserted)
        .put(bytes, at, bytes.length - at)
        .array();
  }
}
