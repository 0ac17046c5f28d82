package dev.mekiki.schemas.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import dev.mekiki.schemas.v1.CopyImage;
import dev.mekiki.schemas.v1.ImageCode;
import dev.mekiki.schemas.v1.PlacedImage;
import dev.mekiki.schemas.v1.Placement;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RetentionTest {
  private static final Retention MINUTE = new Retention(Duration.ofMinutes(1));

  @Test
  void imageEndsByItsExpiryOrItsAgeWhicheverIsEarlier() {
    assertThat(Retention.NONE.end(Retention.NEVER, 5)).isEqualTo(Retention.NEVER);
    assertThat(Retention.NONE.end(7, 5)).isEqualTo(7);
    assertThat(MINUTE.end(Retention.NEVER, 5)).isEqualTo(60_005);
    assertThat(MINUTE.end(60_004, 5)).isEqualTo(60_004);
    assertThat(MINUTE.end(60_006, 5)).isEqualTo(60_005);
  }

  @Test
  void agesCountFromTheNewestRecord() {
    ImageCode code = ImageCode.newBuilder().setImageTime(time(5)).build();
    assertThat(MINUTE.end(code)).isEqualTo(60_005);
    assertThat(MINUTE.end(PlacedImage.newBuilder().setCode(code).build())).isEqualTo(60_005);
    assertThat(MINUTE.end(PlacedImage.newBuilder().setCode(code).setRenewedTime(time(9)).build()))
        .isEqualTo(60_009);
    assertThat(MINUTE.end(Placement.newBuilder().setImageTime(time(5)).build())).isEqualTo(60_005);
    assertThat(
            MINUTE.end(
                Placement.newBuilder().setImageTime(time(5)).setRenewedTime(time(9)).build()))
        .isEqualTo(60_009);
    assertThat(
            MINUTE.end(
                CopyImage.newBuilder().setImageTime(time(5)).setRenewedTime(time(9)).build()))
        .isEqualTo(60_009);
  }

  @Test
  void expiryOfEachMessageCounts() {
    ImageCode code = ImageCode.newBuilder().setExpireTime(time(3)).build();
    assertThat(Retention.NONE.end(code)).isEqualTo(3);
    assertThat(Retention.NONE.end(PlacedImage.newBuilder().setCode(code).build())).isEqualTo(3);
    assertThat(Retention.NONE.end(Placement.newBuilder().setExpireTime(time(3)).build()))
        .isEqualTo(3);
    assertThat(Retention.NONE.end(CopyImage.newBuilder().setExpireTime(time(3)).build()))
        .isEqualTo(3);
    assertThat(Retention.NONE.end(CopyImage.getDefaultInstance())).isEqualTo(Retention.NEVER);
  }

  private static Timestamp time(long millis) {
    return Timestamps.fromMillis(millis);
  }
}
