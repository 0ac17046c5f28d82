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
import dev.mekiki.schemas.v1.PlacedImage;
import java.util.List;
import java.util.OptionalLong;
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
    assertThat(json(OptionalLong.of(12))).contains("\"standby\":{\"lag\":\"12\"}");
    assertThat(json(OptionalLong.of(0))).contains("\"standby\":{\"lag\":\"0\"}");
  }

  @Test
  void imageFromTheActiveInstanceNamesNoStandby() {
    assertThat(json(OptionalLong.empty()))
        .contains("\"centerLabel\":\"cloud\"")
        .doesNotContain("\"lag\"");
  }

  private static String json(OptionalLong lag) {
    return Json.print(Operations.image("x", new Found(PLACED, lag), GENERATION).build());
  }
}
