package dev.mekiki.hashing.turned;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mekiki.hashing.Seeds;
import dev.mekiki.hashing.landmark.AffineMap;
import dev.mekiki.hashing.pdq.PdqHasher;
import dev.mekiki.hashing.pdq.Turn;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SoughtFingerprintsTest {
  private final Random random = new Random(Seeds.seed(SoughtFingerprintsTest.class));
  private final Drawn picture = Drawn.at(400, 300, random);

  @Test
  void pictureIsSoughtInAllTurns() {
    SoughtFingerprints sought = picture.sought();

    assertThat(sought.parts()).hasSize(1);
    assertThat(sought.trimmed()).isEmpty();
    SoughtFingerprints.Part whole = sought.parts().getFirst();
    assertThat(whole.region()).isEqualTo(Region.WHOLE);
    for (int i = 0; i < 8; i++) {
      Drawn turned = picture.turned(SoughtFingerprints.turns().get(i));
      int distance =
          PdqHasher.hash(turned.luminance(), turned.width(), turned.height())
              .code()
              .distance(whole.codes().get(i));
      assertThat(distance).as("turn %d", i).isLessThanOrEqualTo(i == 0 ? 0 : 31);
    }
  }

  @Test
  void framedPictureIsSoughtWithoutItsBorderToo() {
    SoughtFingerprints sought = picture.framed(40, 30).sought();

    TrimmedFingerprint trimmed = sought.trimmed().orElseThrow();
    assertThat(trimmed.region()).isEqualTo(new Region(40 / 440f, 30 / 330f, 1, 1));
    assertThat(trimmed.code()).isEqualTo(PdqHasher.hash(picture.luminance(), 400, 300).code());
  }

  @Test
  void pictureWithoutFeaturesSeeksNothing() {
    float[] black = new float[100 * 80];

    assertThat(SoughtFingerprints.of(black, 100, 80)).isEqualTo(SoughtFingerprints.NONE);
    assertThat(SoughtFingerprints.of(new float[] {76}, 1, 1)).isEqualTo(SoughtFingerprints.NONE);
    assertThat(SoughtFingerprints.NONE.toBytes()).isEmpty();
  }

  @Test
  void bytesAreReadAndWritten() {
    SoughtFingerprints sought = picture.framed(10, 0).sought();
    TrimmedFingerprint trimmed = sought.trimmed().orElseThrow();

    assertThat(sought.toBytes()).hasSize(2 * 272);
    assertThat(SoughtFingerprints.fromBytes(sought.toBytes())).isEqualTo(sought);
    assertThat(trimmed.toBytes()).hasSize(48);
    assertThat(TrimmedFingerprint.fromBytes(trimmed.toBytes())).isEqualTo(trimmed);
    assertThat(SoughtFingerprints.fromBytes(new byte[0])).isEqualTo(SoughtFingerprints.NONE);
  }

  @Test
  void bytesThatAreNoneAreRefused() {
    byte[] part = picture.sought().toBytes();
    byte[] three = new byte[3 * part.length];
    byte[] notANumber = part.clone();
    ByteBuffer.wrap(notANumber).order(ByteOrder.LITTLE_ENDIAN).putFloat(0, Float.NaN);
    byte[] upsideDown = part.clone();
    ByteBuffer.wrap(upsideDown).order(ByteOrder.LITTLE_ENDIAN).putFloat(4, 1);

    for (byte[] bytes : List.of(Arrays.copyOf(part, 271), three, notANumber, upsideDown)) {
      assertThatThrownBy(() -> SoughtFingerprints.fromBytes(bytes))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("expected");
    }
    assertThatThrownBy(() -> TrimmedFingerprint.fromBytes(new byte[47]))
        .hasMessage("trimmed fingerprint: 47 bytes (expected: 48)");
  }

  @Test
  void regionOfAPictureIsLaidOverThatOfAnother() {
    // 256 x 128, of which the right half, turned by 90 degrees, fills a picture of 128 x 128 that
    // is
    // seen at 256 x 256.
    AffineMap map =
        new Region(0.5f, 0, 1, 1)
            .onto(
                new Region.Size(512, 256), Turn.ROTATED_90, Region.WHOLE, new Region.Size(99, 99));

    assertThat(map.x(128, 0)).isCloseTo(256, within(1e-9));
    assertThat(map.y(128, 0)).isCloseTo(0, within(1e-9));
    assertThat(map.x(256, 128)).isCloseTo(0, within(1e-9));
    assertThat(map.y(256, 128)).isCloseTo(256, within(1e-9));
    assertThat(map.rotation()).isCloseTo(90, within(1e-9));
    assertThat(map.isMirrored()).isFalse();
  }
}
