package dev.mekiki.query.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.mekiki.hashing.center.CenterTable;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.routing.Routing;
import dev.mekiki.query.cluster.ImageLookup.Lookup.Found;
import dev.mekiki.query.json.Json;
import dev.mekiki.runtime.generation.GenerationGeometry;
import dev.mekiki.schemas.v1.ImageCode;
import dev.mekiki.schemas.v1.ImageStandby;
import dev.mekiki.schemas.v1.PlacedImage;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OperationsTest {
  private static final HashCode CENTER = HashCode.fromHex("00000000000000ff");
  private static final GenerationGeometry GENERATION =
      new GenerationGeometry(
          "ab".repeat(32),
          "cd".repeat(32),
          Routing.byProximity(new CenterTable(64, List.of(CENTER), List.of("cloud")), 1));
  private static final PlacedImage PLACED =
      PlacedImage.newBuilder()
          .setCode(ImageCode.newBuilder().setHashCode(ByteString.copyFrom(CENTER.toBytes())))
          .build();

  @Test
  void imageFromAStandbySaysHowFarBehindItIs() {
    assertThat(json(standby(12, 400)))
        .contains("\"standby\":{\"lag\":\"12\",\"lagAgeMillis\":\"400\"}");
    assertThat(json(standby(0, 0))).contains("\"standby\":{\"lag\":\"0\",\"lagAgeMillis\":\"0\"}");
  }

  @Test
  void imageFromTheActiveInstanceNamesNoStandby() {
    assertThat(json(Optional.empty()))
        .contains("\"centerLabel\":\"cloud\"")
        .doesNotContain("\"lag\"");
  }

  private static Optional<ImageStandby> standby(long lag, long ageMillis) {
    return Optional.of(ImageStandby.newBuilder().setLag(lag).setLagAgeMillis(ageMillis).build());
  }

  private static String json(Optional<ImageStandby> standby) {
    return Json.print(Operations.image("x", new Found(PLACED, standby), GENERATION).build());
  }
}
