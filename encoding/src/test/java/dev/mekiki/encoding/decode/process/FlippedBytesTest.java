package dev.mekiki.encoding.decode.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.encoding.TestImages;
import dev.mekiki.encoding.decode.BadImageException;
import dev.mekiki.encoding.decode.BadImageException.Reason;
import dev.mekiki.encoding.decode.DecodeLimits;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.opencv.core.Mat;
import org.opencv.core.MatOfByte;
import org.opencv.imgcodecs.Imgcodecs;

/// Files with some bytes changed end in a picture or in a refusal, in time; nothing else. More of
/// them with `-Dmekiki.flipped=N`.
class FlippedBytesTest {
  private static final int FLIPPED = Integer.getInteger("mekiki.flipped", 200);

  private static final DecodingProcesses PROCESSES =
      DecodingProcesses.start(
          new DecodingProcesses.Settings(
              new DecodeLimits(1 << 20, 4_000_000), 1, Duration.ofSeconds(30), 256 << 20));

  @AfterAll
  static void endProcesses() {
    PROCESSES.close();
  }

  @ParameterizedTest
  @CsvSource({
    "jpg, 1",
    "png, 1",
    "gif, 1",
    "bmp, 0",
    "tiff, 1",
    "webp, 1",
    "scene.avif, 1",
    "grid.avif, 1",
    "late.avif, 1",
    "half.avif, 1",
    "scene.heic, 1",
    "half.heic, 1"
  })
  void areDecodedOrRefused(String name, int refusedAtLeast) throws Exception {
    byte[] file = file(name);
    Random random = new Random(5);
    Map<Reason, Integer> refused = new EnumMap<>(Reason.class);
    long slowest = 0;
    for (int i = 0; i < FLIPPED; i++) {
      byte[] flipped = file.clone();
      for (int flips = 1 + random.nextInt(8); flips > 0; flips--) {
        flipped[random.nextInt(flipped.length)] ^= (byte) (1 + random.nextInt(255));
      }
      long start = System.nanoTime();
      try {
        PROCESSES.decode(flipped).close();
      } catch (BadImageException e) {
        refused.merge(e.reason(), 1, Integer::sum);
      }
      slowest = Math.max(slowest, System.nanoTime() - start);
    }
    System.out.printf(
        "%s: %d flipped, refused %s, slowest %d ms%n", name, FLIPPED, refused, slowest / 1_000_000);
    assertThat(refused.values().stream().mapToInt(count -> count).sum())
        .isBetween(refusedAtLeast, FLIPPED);
    // A crash costs its picture; that there are none is worth knowing, too.
    assertThat(refused).doesNotContainKeys(Reason.DECODER_CRASHED, Reason.DECODING_TIMED_OUT);
  }

  private static byte[] file(String name) throws IOException {
    BufferedImage scene = TestImages.scene(3, 120, 80);
    return switch (name) {
      case "jpg" -> TestImages.jpeg(scene, 0.8f);
      case "webp" -> webp(TestImages.file(scene, "png"));
      case "png", "gif", "bmp", "tiff" -> TestImages.file(scene, name);
      default -> {
        try (InputStream in = BadImageException.class.getResourceAsStream(name)) {
          yield Objects.requireNonNull(in, name).readAllBytes();
        }
      }
    };
  }

  /// ImageIO writes no WebP; OpenCV, which is loaded by now, does.
  private static byte[] webp(byte[] png) {
    Mat pixels = Imgcodecs.imdecode(new MatOfByte(png), Imgcodecs.IMREAD_COLOR);
    MatOfByte webp = new MatOfByte();
    Imgcodecs.imencode(".webp", pixels, webp);
    return webp.toArray();
  }
}
