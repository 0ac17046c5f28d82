package dev.mekiki.samples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.hashing.pdq.Fingerprint;
import dev.mekiki.hashing.pdq.PdqHasher;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/// What the demo's truth rests on: scenes that no fingerprint takes for one another, and copies
/// that every fingerprint knows again.
@TestInstance(Lifecycle.PER_CLASS)
class SampleSetTest {
  private static final int SCENES = 200;

  private final Map<SamplePicture, Fingerprint> fingerprints = new HashMap<>();
  private final SampleSet samples = SampleSet.drawn(SCENES);

  @BeforeAll
  void fingerprintAll() throws IOException {
    for (SamplePicture picture : samples.pictures()) {
      fingerprints.put(picture, fingerprint(samples.bytes(picture)));
    }
  }

  @Test
  void everySceneHasOneToThreeEditedCopiesAndTwentyHaveAnIdenticalOne() {
    Map<Integer, Integer> copies = new HashMap<>();
    Map<String, Integer> variants = new HashMap<>();
    for (SamplePicture picture : samples.pictures()) {
      variants.merge(picture.variant(), 1, Integer::sum);
      if (!picture.isOriginal() && !picture.isIdenticalCopy()) {
        copies.merge(picture.scene(), 1, Integer::sum);
      }
    }

    assertThat(copies).hasSize(SCENES);
    assertThat(copies.values()).allSatisfy(count -> assertThat(count).isBetween(1, 3));
    assertThat(variants)
        .containsEntry("original", SCENES)
        .containsEntry("identical", SampleSet.IDENTICAL_COPIES);
    assertThat(variants.keySet())
        .containsExactlyInAnyOrder(
            "original", "identical", "resized", "jpeg_40", "brighter", "blurred", "grey");
    assertThat(variants.values()).allSatisfy(count -> assertThat(count).isGreaterThanOrEqualTo(20));
  }

  @Test
  void idsAreDistinctAndBytesAreTheSameEachTime() throws IOException {
    Set<String> ids = new HashSet<>();
    for (SamplePicture picture : samples.pictures()) {
      assertThat(ids.add(picture.id())).as(picture.id()).isTrue();
    }
    for (SamplePicture picture : samples.pictures().subList(0, 12)) {
      assertThat(SampleSet.drawn(SCENES).bytes(picture)).isEqualTo(samples.bytes(picture));
    }
  }

  @Test
  void scenesAreFarFromOneAnother() {
    List<SamplePicture> originals =
        samples.pictures().stream().filter(SamplePicture::isOriginal).toList();
    List<String> near = new ArrayList<>();
    for (SamplePicture a : originals) {
      assertThat(fingerprintOf(a).quality()).as(a.id()).isGreaterThanOrEqualTo(50);
      for (SamplePicture b : originals) {
        int distance = fingerprintOf(a).distance(fingerprintOf(b));
        if (a.scene() < b.scene() && distance <= 60) {
          near.add(a.id() + " " + b.id() + " " + distance);
        }
      }
    }
    assertThat(near).isEmpty();
  }

  @Test
  void copiesOfOneSceneAreWithinTheFingerprintRadius() {
    List<String> far = new ArrayList<>();
    for (SamplePicture a : samples.pictures()) {
      for (SamplePicture b : samples.pictures()) {
        int distance = fingerprintOf(a).distance(fingerprintOf(b));
        if (a.scene() == b.scene() && distance > 31) {
          far.add(a.id() + " " + b.id() + " " + distance);
        }
      }
    }
    assertThat(far).isEmpty();
  }

  private Fingerprint fingerprintOf(SamplePicture picture) {
    return Objects.requireNonNull(fingerprints.get(picture));
  }

  private static Fingerprint fingerprint(byte[] jpeg) throws IOException {
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(jpeg));
    int width = image.getWidth();
    int height = image.getHeight();
    float[] luminance = new float[width * height];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int rgb = image.getRGB(x, y);
        luminance[y * width + x] =
            0.299f * (rgb >> 16 & 0xFF) + 0.587f * (rgb >> 8 & 0xFF) + 0.114f * (rgb & 0xFF);
      }
    }
    return PdqHasher.hash(luminance, width, height);
  }
}
