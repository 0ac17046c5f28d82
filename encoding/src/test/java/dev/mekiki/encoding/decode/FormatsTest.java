package dev.mekiki.encoding.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mekiki.encoding.TestImages;
import dev.mekiki.encoding.decode.BadImageException.Reason;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Formats of several pages or frames, and those that are not decoded.
class FormatsTest {
  private static final int WIDTH = 120;
  private static final int HEIGHT = 80;

  private final ImageDecoder decoder = new ImageDecoder(1 << 20, 1_000_000);

  @Test
  void firstPageOfATiffIsTaken() throws Exception {
    byte[] file = sequence("tiff", List.of(halves(Color.RED), halves(Color.GREEN)));

    try (DecodedImage image = decoder.decode(file)) {
      assertThat(image.format()).isEqualTo(ImageFormat.TIFF);
      assertColour(image, Color.RED);
    }
  }

  @Test
  void tiffOf16BitsAndGreyIsDecoded() throws Exception {
    BufferedImage grey = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_USHORT_GRAY);
    grey.getRaster().setSamples(0, 0, WIDTH, HEIGHT, 0, filled(128 * 257));

    try (DecodedImage image = decoder.decode(TestImages.file(grey, "tiff"))) {
      byte[] pixel = new byte[3];
      image.bgr().get(40, 20, pixel);
      assertThat(pixel[0]).isEqualTo(pixel[1]).isEqualTo(pixel[2]);
    }
  }

  private static int[] filled(int sample) {
    int[] samples = new int[WIDTH * HEIGHT];
    Arrays.fill(samples, sample);
    return samples;
  }

  @Test
  void tiffThatIsCutShortIsRefused() throws Exception {
    byte[] file = TestImages.file(TestImages.scene(1, WIDTH, HEIGHT), "tiff");

    for (int length : new int[] {8, 100, file.length / 2}) {
      byte[] cut = Arrays.copyOf(file, length);
      assertThatThrownBy(() -> decoder.decode(cut))
          .isInstanceOfSatisfying(
              BadImageException.class, e -> assertThat(e.reason()).isEqualTo(Reason.UNDECODABLE));
    }
  }

  @Test
  void blankFramesAtTheBeginningOfAnAnimationArePassedOver() throws Exception {
    BufferedImage blank = plain(Color.BLACK);
    byte[] file = sequence("gif", List.of(blank, blank, halves(Color.BLUE), halves(Color.RED)));

    try (DecodedImage image = decoder.decode(file)) {
      assertColour(image, Color.BLUE);
    }
  }

  @Test
  void animationOfBlankFramesIsItsFirst() throws Exception {
    byte[] file = sequence("gif", List.of(plain(Color.GREEN), plain(Color.RED)));

    try (DecodedImage image = decoder.decode(file)) {
      assertColour(image, Color.GREEN);
    }
  }

  @Test
  void damagedFramesBehindABlankOneDoNotMatter() throws Exception {
    byte[] file = sequence("gif", List.of(plain(Color.GREEN), halves(Color.RED)));

    try (DecodedImage image = decoder.decode(Arrays.copyOf(file, file.length - 60))) {
      assertColour(image, Color.GREEN);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "HEIF with neither AV1 nor HEVC, 000000146674797061766369000000006d696631",
    "JPEG XL, ff0a0000",
    "JPEG 2000, 0000000c6a5020200d0a870a",
    "BigTIFF, 49492b0008000000",
    "PSD, 384250530001"
  })
  void formatsThatAreNotDecodedAreNamed(String name, String head) {
    byte[] file = Arrays.copyOf(HexFormat.of().parseHex(head), 200);

    assertThatThrownBy(() -> decoder.decode(file))
        .isInstanceOf(BadImageException.class)
        .hasMessage(
            "image: " + name + ", which is not decoded (expected: " + ImageFormat.ALL + ")");
  }

  @Test
  void bytesThatAreNothingAreSaidToBeSo() {
    assertThatThrownBy(() -> decoder.decode("minutes".getBytes(StandardCharsets.UTF_8)))
        .hasMessage(
            "image: of no known format by its first bytes (expected: " + ImageFormat.ALL + ")");
  }

  private static void assertColour(DecodedImage image, Color left) {
    byte[] pixel = new byte[3];
    image.bgr().get(40, 20, pixel);
    assertThat(new int[] {pixel[2] & 0xFF, pixel[1] & 0xFF, pixel[0] & 0xFF})
        .containsExactly(left.getRed(), left.getGreen(), left.getBlue());
  }

  private static BufferedImage plain(Color colour) {
    BufferedImage frame = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_3BYTE_BGR);
    Graphics2D canvas = frame.createGraphics();
    canvas.setColor(colour);
    canvas.fillRect(0, 0, WIDTH, HEIGHT);
    canvas.dispose();
    return frame;
  }

  /// A colour on the left, white on the right.
  private static BufferedImage halves(Color left) {
    BufferedImage frame = plain(left);
    Graphics2D canvas = frame.createGraphics();
    canvas.setColor(Color.WHITE);
    canvas.fillRect(WIDTH / 2, 0, WIDTH / 2, HEIGHT);
    canvas.dispose();
    return frame;
  }

  private static byte[] sequence(String format, List<BufferedImage> frames) throws IOException {
    Iterator<ImageWriter> writers = ImageIO.getImageWritersByFormatName(format);
    ImageWriter writer = writers.next();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
      writer.setOutput(out);
      writer.prepareWriteSequence(null);
      for (BufferedImage frame : frames) {
        writer.writeToSequence(new IIOImage(frame, null, null), null);
      }
      writer.endWriteSequence();
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }
}
