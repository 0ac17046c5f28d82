package dev.mekiki.encoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.mekiki.encoding.bundle.Bundle;
import dev.mekiki.encoding.decode.BadImageException;
import dev.mekiki.hashing.pdq.Fingerprint;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class ImageEncoderTest {
  /// Bits that may differ between runs of the same picture in other batches.
  private static final int ROUNDING = 1;

  @SuppressWarnings("NullAway.Init")
  private static ImageEncoder encoder;

  @BeforeAll
  static void open() {
    encoder =
        ImageEncoder.open(
            Bundle.builtIn(), new EncoderSettings("cpu", 2, 16 << 20, 100_000_000, 192));
  }

  @AfterAll
  static void close() {
    encoder.close();
  }

  @Test
  void everythingIsToldOfAnImage() throws Exception {
    byte[] file = TestImages.jpeg(TestImages.scene(1, 500, 400), 0.9f);

    EncodedImage image = encode(file);

    assertThat(image.code().bits()).isEqualTo(64);
    assertThat(image.instanceCode().bits()).isEqualTo(256);
    assertThat(image.fingerprint().quality()).isGreaterThan(50);
    assertThat(image.sha256()).isEqualTo(MessageDigest.getInstance("SHA-256").digest(file));
    assertThat(image.width()).isEqualTo(500);
    assertThat(image.height()).isEqualTo(400);
    assertThat(image.contentType()).isEqualTo("image/jpeg");
    BufferedImage thumbnail = ImageIO.read(new ByteArrayInputStream(image.thumbnail()));
    assertThat(thumbnail.getWidth()).isEqualTo(192);
    assertThat(thumbnail.getHeight()).isEqualTo(154);
  }

  @Test
  void smallPictureIsNotEnlargedForItsThumbnail() throws Exception {
    EncodedImage image = encode(TestImages.jpeg(TestImages.scene(1, 50, 1), 0.9f));

    BufferedImage thumbnail = ImageIO.read(new ByteArrayInputStream(image.thumbnail()));
    assertThat(thumbnail.getWidth()).isEqualTo(50);
    assertThat(thumbnail.getHeight()).isEqualTo(1);
  }

  @Test
  void thumbnailsCanBeSwitchedOff() throws Exception {
    try (ImageEncoder without =
        ImageEncoder.open(
            Bundle.builtIn(), new EncoderSettings("cpu", 1, 16 << 20, 100_000_000, 0))) {
      PreparedImage image = without.prepare(TestImages.jpeg(TestImages.scene(1, 50, 50), 0.9f));
      assertThat(without.encode(List.of(image)).getFirst().thumbnail()).isEmpty();
    }
  }

  @Test
  void codesDoNotDependOnTheBatch() throws Exception {
    List<PreparedImage> images = new ArrayList<>();
    for (int i = 0; i < 45; i++) {
      images.add(encoder.prepare(TestImages.jpeg(TestImages.scene(i, 200, 150), 0.9f)));
    }

    List<EncodedImage> together = encoder.encode(images);

    assertThat(together).hasSize(45);
    for (int i = 0; i < 45; i++) {
      EncodedImage alone = encoder.encode(List.of(images.get(i))).getFirst();
      assertThat(together.get(i).code().distance(alone.code())).isLessThanOrEqualTo(ROUNDING);
      assertThat(together.get(i).instanceCode().distance(alone.instanceCode()))
          .isLessThanOrEqualTo(ROUNDING);
      assertThat(together.get(i).sha256()).isEqualTo(alone.sha256());
    }
  }

  @Test
  void noImagesGiveNoCodes() {
    assertThat(encoder.encode(List.of())).isEmpty();
  }

  @Test
  void manyThreadsGetTheSameAnswersAsOne() throws Exception {
    List<byte[]> files = new ArrayList<>();
    List<EncodedImage> expected = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      files.add(TestImages.jpeg(TestImages.scene(i, 300, 200), 0.9f));
      expected.add(encode(files.get(i)));
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(6)) {
      List<Callable<EncodedImage>> tasks = new ArrayList<>();
      for (int i = 0; i < 120; i++) {
        byte[] file = files.get(i % files.size());
        tasks.add(() -> encode(file));
      }
      List<Future<EncodedImage>> results = threads.invokeAll(tasks);
      for (int i = 0; i < results.size(); i++) {
        EncodedImage image = results.get(i).get();
        EncodedImage same = expected.get(i % files.size());
        assertThat(image.fingerprint()).isEqualTo(same.fingerprint());
        assertThat(image.code().distance(same.code())).isLessThanOrEqualTo(ROUNDING);
      }
    }
  }

  @Test
  void fingerprintsAgreeWithTheReferenceImplementation() throws Exception {
    Optional<Path> shared = TestImages.shared("data");
    assumeTrue(shared.isPresent(), "no shared data: set MEKIKI_SHARED to compare fingerprints");
    Path data = shared.orElseThrow();
    int compared = 0;
    int sum = 0;
    int largest = 0;
    for (String line :
        Files.readAllLines(data.resolve("pdq/reference-hashes.csv")).stream().skip(1).toList()) {
      String[] fields = line.split(",", -1);
      Fingerprint fingerprint =
          encoder.prepare(Files.readAllBytes(data.resolve(fields[2]))).fingerprint();
      Fingerprint reference = Fingerprint.fromPdqHex(fields[0], Integer.parseInt(fields[1]));
      int distance = fingerprint.distance(reference);
      assertThat(distance).as(fields[2]).isLessThanOrEqualTo(8);
      sum += distance;
      largest = Math.max(largest, distance);
      compared++;
    }
    System.out.printf(
        "fingerprints against the reference: %d photos, mean %.3f bits, largest %d%n",
        compared, (double) sum / compared, largest);
    assertThat(compared).isGreaterThan(600);
    assertThat((double) sum / compared).isLessThanOrEqualTo(2);
  }

  @Test
  void deviceThatIsNotThereIsNamed() {
    assertThatThrownBy(() ->
            ImageEncoder.open(
                Bundle.builtIn(), new EncoderSettings("gpu:99", 1, 1 << 20, 1_000_000, 0)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("device: gpu:99 (expected: ");
    assertThatThrownBy(() -> new EncoderSettings("tpu", 1, 1, 1, 0))
        .hasMessageContaining("device: 'tpu' (expected: auto, cpu or gpu:N)");
  }

  /// EXACT is decided by the bytes of the whole file, and everything else by the frame that is
  /// taken.
  @Test
  void animationsThatBeginAlikeDifferByTheirBytesAlone() throws Exception {
    BufferedImage first = TestImages.scene(1, 90, 60);
    EncodedImage one = encode(animation(first, TestImages.scene(2, 90, 60)));
    EncodedImage other = encode(animation(first, TestImages.scene(3, 90, 60)));

    assertThat(one.fingerprint()).isEqualTo(other.fingerprint());
    assertThat(one.sha256()).isNotEqualTo(other.sha256());
  }

  private static byte[] animation(BufferedImage... frames) throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("gif").next();
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

  private static EncodedImage encode(byte[] file) throws BadImageException {
    return encoder.encode(List.of(encoder.prepare(file))).getFirst();
  }
}
