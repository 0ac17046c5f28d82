package dev.mekiki.encoding.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mekiki.encoding.TestImages;
import dev.mekiki.encoding.decode.BadImageException.Reason;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Iterator;
import java.util.zip.CRC32;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.opencv.core.Mat;
import org.opencv.core.MatOfByte;
import org.opencv.core.MatOfInt;
import org.opencv.imgcodecs.Imgcodecs;

final class ImageDecoderTest {
  private static final int WIDTH = 120;
  private static final int HEIGHT = 80;

  private final ImageDecoder decoder = new ImageDecoder(1 << 20, 1_000_000);

  @ParameterizedTest
  @EnumSource(
      value = ImageFormat.class,
      names = {"AVIF", "HEIC"},
      mode = EnumSource.Mode.EXCLUDE)
  void everyFormatGivesThePictureAndItsSize(ImageFormat format) throws Exception {
    byte[] file = file(format, leftRedRightBlue());

    try (DecodedImage image = decoder.decode(file)) {
      assertThat(image.format()).isEqualTo(format);
      assertThat(image.width()).isEqualTo(WIDTH);
      assertThat(image.height()).isEqualTo(HEIGHT);
      assertThat(image.bgr().cols()).isEqualTo(WIDTH);
      assertColour(image, 20, 40, Color.RED);
      assertColour(image, 100, 40, Color.BLUE);
      assertThat(image.luminance()).hasSize(WIDTH * HEIGHT);
      assertThat(image.luminance()[40 * WIDTH + 20]).isBetween(72f, 80f);
    }
  }

  @Test
  void exifOrientationTurnsThePictureUpright() throws Exception {
    // 6: the top of the scene is the right side of the stored picture.
    byte[] file = withExifOrientation(TestImages.jpeg(leftRedRightBlue(), 0.95f), 6);

    try (DecodedImage image = decoder.decode(file)) {
      assertThat(image.width()).isEqualTo(HEIGHT);
      assertThat(image.height()).isEqualTo(WIDTH);
      assertThat(image.bgr().cols()).isEqualTo(HEIGHT);
      assertColour(image, 40, 20, Color.RED);
      assertColour(image, 40, 100, Color.BLUE);
    }
  }

  @Test
  void cmykJpegGivesItsColours() throws Exception {
    try (DecodedImage image = decoder.decode(cmykJpeg())) {
      assertThat(image.width()).isEqualTo(WIDTH);
      assertColour(image, 20, 40, Color.CYAN);
      assertColour(image, 100, 40, Color.BLACK);
    }
  }

  @Test
  void transparentPartsOfPngAreWhite() throws Exception {
    BufferedImage picture = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_ARGB);
    Graphics2D graphics = picture.createGraphics();
    graphics.setColor(new Color(255, 0, 0, 128));
    graphics.fillRect(WIDTH / 2, 0, WIDTH / 2, HEIGHT);
    graphics.dispose();

    try (DecodedImage image = decoder.decode(TestImages.file(picture, "png"))) {
      assertColour(image, 20, 40, Color.WHITE);
      assertColour(image, 100, 40, new Color(255, 127, 127));
    }
  }

  @Test
  void transparentPaletteEntriesOfPngAreWhite() throws Exception {
    byte[] red = {(byte) 255, 0};
    byte[] none = {0, 0};
    byte[] alpha = {(byte) 255, 0};
    BufferedImage picture =
        new BufferedImage(
            WIDTH,
            HEIGHT,
            BufferedImage.TYPE_BYTE_INDEXED,
            new IndexColorModel(8, 2, red, none, none, alpha));
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = WIDTH / 2; x < WIDTH; x++) {
        picture.getRaster().setSample(x, y, 0, 1);
      }
    }

    try (DecodedImage image = decoder.decode(TestImages.file(picture, "png"))) {
      assertColour(image, 20, 40, Color.RED);
      assertColour(image, 100, 40, Color.WHITE);
    }
  }

  @Test
  void greyPngOf16BitsIsBroughtTo8() throws Exception {
    BufferedImage picture = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_USHORT_GRAY);
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        picture.getRaster().setSample(x, y, 0, 100 * 257);
      }
    }

    try (DecodedImage image = decoder.decode(TestImages.file(picture, "png"))) {
      assertColour(image, 20, 40, new Color(100, 100, 100));
    }
  }

  @Test
  void firstFrameOfAnAnimatedGifIsTaken() throws Exception {
    try (DecodedImage image = decoder.decode(animatedGif())) {
      assertColour(image, 20, 40, Color.GREEN);
    }
  }

  @Test
  void firstFrameOfAnAnimatedWebpIsTaken() throws Exception {
    try (DecodedImage image = decoder.decode(animatedWebp())) {
      assertThat(image.width()).isEqualTo(WIDTH);
      assertColour(image, 20, 40, Color.RED);
      assertColour(image, 100, 40, Color.BLUE);
    }
  }

  @Test
  void largePictureIsShrunkButKeepsItsSizeByName() throws Exception {
    byte[] file = TestImages.jpeg(TestImages.scene(1, 2600, 1300), 0.9f);
    ImageDecoder large = new ImageDecoder(16 << 20, 100_000_000);

    try (DecodedImage image = large.decode(file)) {
      assertThat(image.width()).isEqualTo(2600);
      assertThat(image.height()).isEqualTo(1300);
      assertThat(image.bgr().cols()).isEqualTo(ImageDecoder.LARGEST_SIDE);
      assertThat(image.bgr().rows()).isEqualTo(ImageDecoder.LARGEST_SIDE / 2);
    }
  }

  @Test
  void largeTurnedJpegIsDecodedInPartAndStillUpright() throws Exception {
    byte[] file = withExifOrientation(TestImages.jpeg(TestImages.scene(1, 2600, 1300), 0.9f), 6);
    ImageDecoder large = new ImageDecoder(16 << 20, 100_000_000);

    try (DecodedImage image = large.decode(file)) {
      assertThat(image.width()).isEqualTo(1300);
      assertThat(image.height()).isEqualTo(2600);
      assertThat(image.bgr().rows()).isEqualTo(ImageDecoder.LARGEST_SIDE);
    }
  }

  @Test
  void emptyFileIsRefused() {
    assertRefused(decoder, new byte[0], Reason.EMPTY);
  }

  @Test
  void textIsRefusedByItsFirstBytes() {
    assertRefused(
        decoder,
        "These are the minutes of the meeting.".getBytes(StandardCharsets.UTF_8),
        Reason.UNKNOWN_FORMAT);
  }

  @Test
  void fileOfExactlyTheByteLimitIsAcceptedAndOneMoreIsNot() throws Exception {
    byte[] file = TestImages.jpeg(leftRedRightBlue(), 0.9f);

    new ImageDecoder(file.length, 1_000_000).decode(file).close();
    assertRefused(new ImageDecoder(file.length - 1, 1_000_000), file, Reason.TOO_MANY_BYTES);
  }

  @Test
  void pictureOfExactlyThePixelLimitIsAcceptedAndOneMoreIsNot() throws Exception {
    byte[] file = TestImages.file(leftRedRightBlue(), "png");

    new ImageDecoder(1 << 20, WIDTH * HEIGHT).decode(file).close();
    assertRefused(new ImageDecoder(1 << 20, WIDTH * HEIGHT - 1), file, Reason.TOO_MANY_PIXELS);
  }

  @Test
  void hugePngOfFewBytesIsRefusedByItsHeader() {
    byte[] file = hugePng(30_000, 30_000);

    assertThat(file.length).isLessThan(4_096);
    assertThatThrownBy(() -> new ImageDecoder(16 << 20, 100_000_000).decode(file))
        .isInstanceOfSatisfying(
            BadImageException.class,
            e -> {
              assertThat(e.reason()).isEqualTo(Reason.TOO_MANY_PIXELS);
              assertThat(e).hasMessageContaining("30000 x 30000");
              assertThat(e).hasMessageContaining("100000000");
            });
  }

  @ParameterizedTest
  @EnumSource(
      value = ImageFormat.class,
      names = {"AVIF", "HEIC"},
      mode = EnumSource.Mode.EXCLUDE)
  void truncatedFileIsRefusedWhereverItIsCut(ImageFormat format) throws Exception {
    byte[] file = file(format, TestImages.scene(3, WIDTH, HEIGHT));
    for (int percent : new int[] {2, 10, 50, 90, 99}) {
      byte[] cut = Arrays.copyOf(file, file.length * percent / 100);
      if (ImageFormat.of(cut).isPresent()) {
        assertRefused(decoder, cut, Reason.UNDECODABLE);
      }
    }
  }

  @Test
  void truncatedJpegWithAnEndInsideItsMetadataIsRefused() throws Exception {
    byte[] file = TestImages.jpeg(TestImages.scene(3, WIDTH, HEIGHT), 0.9f);
    byte[] segment = {(byte) 0xFF, (byte) 0xED, 0, 4, (byte) 0xFF, (byte) 0xD9};
    byte[] cut = insert(Arrays.copyOf(file, file.length / 2), 2, segment);

    assertRefused(decoder, cut, Reason.UNDECODABLE);
  }

  @Test
  void bytesAfterTheEndOfAJpegAreIgnored() throws Exception {
    byte[] file = TestImages.jpeg(leftRedRightBlue(), 0.95f);

    try (DecodedImage image = decoder.decode(Arrays.copyOf(file, file.length + 1000))) {
      assertColour(image, 20, 40, Color.RED);
    }
  }

  @Test
  void damagedPngIsRefused() throws Exception {
    byte[] file = TestImages.file(TestImages.scene(3, WIDTH, HEIGHT), "png");
    Arrays.fill(file, file.length / 2, file.length / 2 + 20, (byte) 0);

    assertRefused(decoder, file, Reason.UNDECODABLE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"\u00ff\u00d8\u00ff", "\u0089PNG\r\n\u001a\n", "GIF89a", "BM\0\0\0\0\0\0\0\0"})
  void magicBytesAloneAreRefused(String magic) {
    assertRefused(decoder, magic.getBytes(StandardCharsets.ISO_8859_1), Reason.UNDECODABLE);
  }

  @Test
  void sameBytesGiveTheSamePixels() throws Exception {
    byte[] file = TestImages.jpeg(TestImages.scene(5, 1500, 1100), 0.8f);
    ImageDecoder large = new ImageDecoder(16 << 20, 100_000_000);

    try (DecodedImage first = large.decode(file);
        DecodedImage second = large.decode(file)) {
      assertThat(second.luminance()).isEqualTo(first.luminance());
    }
  }

  private static void assertRefused(ImageDecoder decoder, byte[] file, Reason reason) {
    assertThatThrownBy(() -> decoder.decode(file))
        .isInstanceOfSatisfying(
            BadImageException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }

  private static void assertColour(DecodedImage image, int x, int y, Color colour) {
    byte[] bgr = new byte[3];
    image.bgr().get(y, x, bgr);
    assertThat(bgr[2] & 0xFF).as("red").isBetween(colour.getRed() - 6, colour.getRed() + 6);
    assertThat(bgr[1] & 0xFF).as("green").isBetween(colour.getGreen() - 6, colour.getGreen() + 6);
    assertThat(bgr[0] & 0xFF).as("blue").isBetween(colour.getBlue() - 6, colour.getBlue() + 6);
  }

  private static BufferedImage leftRedRightBlue() {
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_3BYTE_BGR);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(Color.RED);
    graphics.fillRect(0, 0, WIDTH / 2, HEIGHT);
    graphics.setColor(Color.BLUE);
    graphics.fillRect(WIDTH / 2, 0, WIDTH / 2, HEIGHT);
    graphics.dispose();
    return image;
  }

  private static byte[] file(ImageFormat format, BufferedImage image) throws IOException {
    return switch (format) {
      case JPEG -> TestImages.jpeg(image, 0.95f);
      case PNG -> TestImages.file(image, "png");
      case GIF -> TestImages.file(image, "gif");
      case BMP -> TestImages.file(onBgr(image), "bmp");
      case WEBP -> webp(image);
      case TIFF -> TestImages.file(image, "tiff");
      case AVIF, HEIC -> throw new IllegalArgumentException("written by nobody here: " + format);
    };
  }

  private static BufferedImage onBgr(BufferedImage image) {
    BufferedImage copy =
        new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_3BYTE_BGR);
    Graphics2D graphics = copy.createGraphics();
    graphics.drawImage(image, 0, 0, null);
    graphics.dispose();
    return copy;
  }

  /// ImageIO writes no WebP; OpenCV does.
  private static byte[] webp(BufferedImage image) throws IOException {
    new ImageDecoder(1, 1); // loads OpenCV
    MatOfByte png = new MatOfByte(TestImages.file(image, "png"));
    Mat pixels = Imgcodecs.imdecode(png, Imgcodecs.IMREAD_COLOR);
    MatOfByte webp = new MatOfByte();
    MatOfInt parameters = new MatOfInt(Imgcodecs.IMWRITE_WEBP_QUALITY, 95);
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

  /// Two frames around the picture of a still WebP.
  private static byte[] animatedWebp() throws IOException {
    byte[] still = webp(leftRedRightBlue());
    byte[] picture = Arrays.copyOfRange(still, 12, still.length);
    ByteBuffer extended = ByteBuffer.allocate(10).order(ByteOrder.LITTLE_ENDIAN);
    extended.put((byte) 2).put(new byte[3]).put(int24(WIDTH - 1)).put(int24(HEIGHT - 1));
    ByteBuffer frame = ByteBuffer.allocate(16 + picture.length).order(ByteOrder.LITTLE_ENDIAN);
    frame.put(new byte[6]).put(int24(WIDTH - 1)).put(int24(HEIGHT - 1)).put(int24(100));
    frame.put((byte) 0).put(picture);
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.write("WEBP".getBytes(StandardCharsets.US_ASCII));
    body.write(chunk("VP8X", extended.array()));
    body.write(chunk("ANIM", new byte[6]));
    body.write(chunk("ANMF", frame.array()));
    body.write(chunk("ANMF", frame.array()));
    return chunk("RIFF", body.toByteArray());
  }

  private static byte[] chunk(String name, byte[] content) {
    return ByteBuffer.allocate(8 + content.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(name.getBytes(StandardCharsets.US_ASCII))
        .putInt(content.length)
        .put(content)
        .array();
  }

  private static byte[] int24(int value) {
    return new byte[] {(byte) value, (byte) (value >> 8), (byte) (value >> 16)};
  }

  private static byte[] animatedGif() throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("gif").next();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
      writer.setOutput(out);
      writer.prepareWriteSequence(null);
      for (Color colour : new Color[] {Color.GREEN, Color.MAGENTA}) {
        BufferedImage frame = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_3BYTE_BGR);
        Graphics2D graphics = frame.createGraphics();
        graphics.setColor(colour);
        graphics.fillRect(0, 0, WIDTH, HEIGHT);
        graphics.dispose();
        writer.writeToSequence(new IIOImage(frame, null, null), null);
      }
      writer.endWriteSequence();
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  private static byte[] withExifOrientation(byte[] jpeg, int orientation) {
    ByteBuffer exif = ByteBuffer.allocate(36);
    exif.putShort((short) 0xFFE1).putShort((short) 34);
    exif.put("Exif\0\0".getBytes(StandardCharsets.US_ASCII));
    exif.put("MM".getBytes(StandardCharsets.US_ASCII)).putShort((short) 42).putInt(8);
    exif.putShort((short) 1);
    exif.putShort((short) 0x0112).putShort((short) 3).putInt(1);
    exif.putShort((short) orientation).putShort((short) 0);
    exif.putInt(0);
    return insert(jpeg, 2, exif.array());
  }

  /// Four-channel JPEG as printers' software writes it: an Adobe marker, and inverted inks.
  private static byte[] cmykJpeg() throws IOException {
    WritableRaster raster = Raster.createInterleavedRaster(0, WIDTH, HEIGHT, 4, null);
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        int[] inks = x < WIDTH / 2 ? new int[] {255, 0, 0, 0} : new int[] {0, 0, 0, 255};
        for (int ink = 0; ink < 4; ink++) {
          raster.setSample(x, y, ink, 255 - inks[ink]);
        }
      }
    }
    ImageWriter writer = jdkJpegWriter();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
      writer.setOutput(out);
      writer.write(null, new IIOImage(raster, null, null), null);
    } finally {
      writer.dispose();
    }
    byte[] adobe = {
      (byte) 0xFF, (byte) 0xEE, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, 0
    };
    return insert(bytes.toByteArray(), 2, adobe);
  }

  /// The JDK's own writer takes rasters of any channels; plug-ins that come before it do not.
  private static ImageWriter jdkJpegWriter() {
    Iterator<ImageWriter> writers = ImageIO.getImageWritersByFormatName("jpeg");
    while (writers.hasNext()) {
      ImageWriter writer = writers.next();
      if (writer.getClass().getName().startsWith("com.sun.")) {
        return writer;
      }
    }
    throw new IllegalStateException("no JPEG writer of the JDK");
  }

  private static byte[] insert(byte[] bytes, int at, byte[] inserted) {
    return ByteBuffer.allocate(bytes.length + inserted.length)
        .put(bytes, 0, at)
        .put(inserted)
        .put(bytes, at, bytes.length - at)
        .array();
  }

  private static byte[] hugePng(int width, int height) {
    byte[] header =
        ByteBuffer.allocate(13)
            .putInt(width)
            .putInt(height)
            .put(new byte[] {1, 0, 0, 0, 0})
            .array();
    byte[] data = new byte[1000];
    return ByteBuffer.allocate(8 + 3 * 12 + header.length + data.length)
        .put("\u0089PNG\r\n\u001a\n".getBytes(StandardCharsets.ISO_8859_1))
        .put(pngChunk("IHDR", header))
        .put(pngChunk("IDAT", data))
        .put(pngChunk("IEND", new byte[0]))
        .array();
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
}
