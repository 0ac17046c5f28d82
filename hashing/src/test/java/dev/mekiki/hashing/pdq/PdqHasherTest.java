package dev.mekiki.hashing.pdq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mekiki.hashing.SharedData;
import dev.mekiki.hashing.code.HashCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;

class PdqHasherTest {
  @Test
  void everyReferencePhotoHasItsReferenceHash() throws IOException {
    Path table = SharedData.data("pdq/reference-hashes.csv");
    Path data = table.resolve("../..").normalize();
    List<Compared> compared =
        Files.readAllLines(table).stream()
            .skip(1)
            .parallel()
            .map(line -> compare(data, line.split(",", -1)))
            .toList();

    IntSummaryStatistics bits = compared.stream().mapToInt(Compared::bits).summaryStatistics();
    IntSummaryStatistics quality =
        compared.stream().mapToInt(Compared::quality).summaryStatistics();
    System.out.printf(
        "pdq: photos=%d differing_bits_max=%d differing_bits_mean=%.3f quality_difference_max=%d%n",
        compared.size(), bits.getMax(), bits.getAverage(), quality.getMax());
    SoftAssertions.assertSoftly(softly -> {
      for (Compared photo : compared) {
        softly.assertThat(photo.bits()).as(photo.file()).isLessThanOrEqualTo(8);
        softly.assertThat(photo.quality()).as(photo.file()).isLessThanOrEqualTo(1);
      }
    });
    assertThat(compared).hasSize(620);
    assertThat(bits.getAverage()).isLessThanOrEqualTo(2);
  }

  private static Compared compare(Path data, String[] row) {
    Fingerprint reference = Fingerprint.fromPdqHex(row[0], Integer.parseInt(row[1]));
    Fingerprint fingerprint = fingerprint(data.resolve(row[2]));
    return new Compared(
        row[2],
        reference.distance(fingerprint),
        Math.abs(reference.quality() - fingerprint.quality()));
  }

  private static Fingerprint fingerprint(Path file) {
    try {
      return Pictures.fingerprint(ImageIO.read(file.toFile()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private record Compared(String file, int bits, int quality) {}

  @Test
  void flatPictureHasNoQuality() {
    float[] grey = new float[100 * 80];
    Arrays.fill(grey, 128);

    assertThat(PdqHasher.hash(grey, 100, 80).quality()).isZero();
  }

  @Test
  void pictureTooSmallToHashIsAllZeros() {
    Fingerprint fingerprint = PdqHasher.hash(noise(4, 300), 4, 300);

    assertThat(fingerprint).isEqualTo(new Fingerprint(HashCode.fromBytes(new byte[32]), 0));
  }

  @Test
  void everySizeFromTheSmallestOnHasAboutHalfOfItsBitsSet() {
    for (int width : new int[] {5, 6, 63, 64, 65, 127, 128, 129, 511, 512, 513, 700}) {
      for (int height : new int[] {5, 64, 100, 513}) {
        HashCode code = PdqHasher.hash(noise(width, height), width, height).code();
        int set = 0;
        for (int i = 0; i < code.bits(); i++) {
          set += code.bit(i) ? 1 : 0;
        }
        assertThat(set).as("%d x %d", width, height).isBetween(100, 128);
      }
    }
  }

  @Test
  void hashingLeavesTheLuminanceAsItIs() {
    float[] luminance = noise(90, 90);
    float[] before = luminance.clone();

    PdqHasher.hash(luminance, 90, 90);

    assertThat(luminance).containsExactly(before);
  }

  @Test
  void luminanceOfAnotherSizeIsRefused() {
    assertThatThrownBy(() -> PdqHasher.hash(new float[10], 5, 5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "luminance: 10 values for 5 x 5 pixels (expected: width * height, both at least 1)");
  }

  @Test
  void pdqHexIsReadAndWritten() {
    String hex = "d8f8f0cee0f4a84f0637022a078f67f0b36e2ed596621e1d33e6339c4e9c9b22";

    Fingerprint fingerprint = Fingerprint.fromPdqHex(hex, 100);

    assertThat(fingerprint.toPdqHex()).isEqualTo(hex);
    // The last digit holds bits 3 to 0: 2 = 0010.
    assertThat(fingerprint.code().bit(0)).isFalse();
    assertThat(fingerprint.code().bit(1)).isTrue();
    // The first digit holds bits 255 to 252: d = 1101.
    assertThat(fingerprint.code().bit(255)).isTrue();
    assertThat(fingerprint.code().bit(253)).isFalse();
  }

  private static float[] noise(int width, int height) {
    Random random = new Random(width * 1000L + height);
    float[] luminance = new float[width * height];
    for (int i = 0; i < luminance.length; i++) {
      luminance[i] = random.nextInt(256);
    }
    return luminance;
  }
}
