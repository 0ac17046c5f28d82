package dev.mekiki.encoding.bundle;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mekiki.encoding.network.Architecture;
import dev.mekiki.encoding.network.InstanceHashing;
import dev.mekiki.encoding.preprocess.Preprocessing;
import dev.mekiki.hashing.center.CenterTable;
import dev.mekiki.hashing.code.HashCode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BundleTest {
  @TempDir private Path directory;
  private Path file = Path.of("");

  @BeforeEach
  void writeABundle() throws IOException {
    file = directory.resolve("tiny.mekiki");
    bundle(1).write(file);
  }

  @Test
  void whatIsWrittenIsRead() throws IOException {
    Bundle written = bundle(1);

    Bundle read = Bundle.read(file);

    assertThat(read.manifest()).isEqualTo(written.manifest());
    assertThat(read.centers()).isEqualTo(written.centers());
    assertThat(read.weights()).isEqualTo(written.weights());
    assertThat(read.networkId()).isEqualTo(written.networkId()).matches("[0-9a-f]{16}");
    assertThat(read.source()).isEqualTo(file.toString());
  }

  @Test
  void equalBundlesAreEqualFiles() throws IOException {
    Path again = directory.resolve("again.mekiki");
    bundle(1).write(again);

    assertThat(again).hasSameBinaryContentAs(file);
  }

  @Test
  void networkIdFollowsWeightsAndPreprocessingButNotTheHistory() throws IOException {
    Bundle bundle = bundle(1);

    assertThat(bundle(2).networkId()).isNotEqualTo(bundle.networkId());
    assertThat(bundle(1, Preprocessing.luma(16), "other words").networkId())
        .isNotEqualTo(bundle.networkId());
    assertThat(bundle(1, Preprocessing.luma(32), "other words").networkId())
        .isEqualTo(bundle.networkId());
  }

  @Test
  void changedWeightIsRefused() {
    assertRefused(
        rewritten("weights.bin", BundleTest::withFlippedByte),
        "weights.bin: 40 bytes, SHA-256",
        "damaged or changed");
  }

  @Test
  void changedCenterIsRefused() {
    assertRefused(
        rewritten("centers.json", BundleTest::withFlippedByte), "centers.json", "SHA-256");
  }

  @Test
  void shortenedWeightsAreRefused() {
    assertRefused(
        rewritten("weights.bin", bytes -> Arrays.copyOf(bytes, 36)),
        "weights.bin: 36 bytes",
        "expected: 40 bytes");
  }

  @Test
  void shapesOfAnotherLengthAreRefused() {
    assertRefused(
        rewritten("manifest.json", text("\"shape\" : [ 2, 5 ]", "\"shape\" : [ 2, 4 ]")),
        "40 bytes (expected: 32 for the shapes and the precision in the manifest)");
  }

  @Test
  void changedPreprocessingIsRefusedByTheNetworkId() {
    assertRefused(
        rewritten("manifest.json", text("\"inputSize\" : 32", "\"inputSize\" : 64")),
        "network id",
        "damaged or changed");
  }

  @Test
  void otherFormatVersionIsRefused() {
    assertRefused(
        rewritten("manifest.json", text("\"formatVersion\" : 2", "\"formatVersion\" : 3")),
        "format version 3 (expected: 1 to 2)");
  }

  @Test
  void bundleOfTheFirstFormatHoldsTheSameNetwork() throws IOException {
    Bundle written = bundle(1);

    Bundle first =
        Bundle.read(
            rewritten(
                "manifest.json",
                text("\"formatVersion\" : 2", "\"formatVersion\" : 1")
                        .andThen(text("  \"precision\" : \"FLOAT32\",\n", ""))
                    ::apply));

    assertThat(first.manifest()).isEqualTo(written.manifest());
    assertThat(first.weights()).isEqualTo(written.weights());
  }

  @Test
  void halfPrecisionHalvesTheWeightsAndRoundsThem() throws IOException {
    byte[] weights = floats(1, -0.1f, 3e-6f, 1000.3f, 0);
    bundle(Precision.FLOAT16, weights).write(file);

    Bundle read = Bundle.read(file);

    assertThat(unzip().get("weights.bin")).hasSize(weights.length / 2);
    assertThat(read.weights()).isEqualTo(ByteBuffer.wrap(Precision.FLOAT16.rounded(weights)));
    // 11 significant bits: steps of 2^-14 at 0.1 and of 1/2 at 1,000; below 2^-14, of 2^-24.
    assertThat(read.weights())
        .isEqualTo(ByteBuffer.wrap(floats(1, -0.099975586f, 2.9802322e-6f, 1000.5f, 0)));
  }

  @Test
  void otherPrecisionThanStoredIsRefused() {
    assertRefused(
        rewritten("manifest.json", text("FLOAT32", "FLOAT16")),
        "weights.bin: 40 bytes (expected: 20 for the shapes and the precision in the manifest)");
  }

  @Test
  void weightBeyondHalfPrecisionIsRefused() {
    assertThatThrownBy(() -> bundle(Precision.FLOAT16, floats(1, 2, 3, 4, 70_000)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("weight: 70000.0 (expected: below 65520 in size, for FLOAT16)");
  }

  @Test
  void missingManifestEntryIsNamed() {
    assertRefused(
        rewritten("manifest.json", text("\"licence\" : \"none\"", "\"licenze\" : \"none\"")),
        "manifest.json",
        "licen");
  }

  @Test
  void optionOutOfRangeIsNamed() {
    assertRefused(
        rewritten("manifest.json", text("\"inputSize\" : 32", "\"inputSize\" : 0")),
        "input size: 0 (expected: 8..1024)");
  }

  @Test
  void missingFileIsNamed() throws IOException {
    Map<String, byte[]> files = unzip();
    files.remove("centers.json");
    zip(files);

    assertRefused(file, "centers.json missing");
  }

  @Test
  void unknownFileIsNamed() throws IOException {
    Map<String, byte[]> files = unzip();
    files.put("code.class", new byte[3]);
    zip(files);

    assertRefused(file, "unknown file 'code.class'");
  }

  @Test
  void fileThatIsNoZipIsRefused() throws IOException {
    Files.writeString(file, "hello");

    assertRefused(file, "missing");
  }

  @Test
  void fileCutShortIsRefused() throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));

    assertRefused(file, "bundle " + file);
  }

  @Test
  void otherCentersLeaveTheNetworkAsItIs() throws IOException {
    for (Precision precision : Precision.values()) {
      Bundle old = bundle(precision, floats(1, 2, 3, 4, 5));
      CenterTable centers = new CenterTable(16, List.of(HashCode.fromHex("0ff0")), List.of("c"));
      old.withCenters(centers, Map.of("centers", "fitted")).write(file);

      Bundle read = Bundle.read(file);

      assertThat(read.networkId()).isEqualTo(old.networkId());
      assertThat(read.weights()).isEqualTo(old.weights());
      assertThat(read.centers()).isEqualTo(centers);
      assertThat(read.manifest().training().settings())
          .isEqualTo(Map.of("rate", "1", "centers", "fitted"));
      assertThat(read.manifest().training().metrics())
          .isEqualTo(old.manifest().training().metrics());
    }
  }

  @Test
  void centersOfAnotherLengthAreRefused() {
    CenterTable longer = new CenterTable(24, List.of(HashCode.fromHex("0ff00f")), List.of("c"));
    assertThatThrownBy(() -> bundle(1).withCenters(longer, Map.of()))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("centers of 24 bits (expected: 16");
  }

  @Test
  void builtInBundleIsSoundAndSmall() throws IOException {
    Bundle builtIn = Bundle.builtIn();

    assertThat(builtIn.manifest().bits()).isEqualTo(64);
    assertThat(builtIn.centers().size()).isEqualTo(100);
    assertThat(builtIn.manifest().training().command()).contains("mekiki refine ");
    assertThat(builtIn.manifest().training().metrics().get("map_at_all"))
        .isGreaterThanOrEqualTo(0.58);
    Path copy = directory.resolve("copy.mekiki");
    builtIn.write(copy);
    assertThat(Files.size(copy)).isLessThanOrEqualTo(3 << 20);
  }

  @Test
  void builtInBundleKeepsItsNetworkId() {
    assertThat(Bundle.builtIn().networkId()).isEqualTo("70b2afeffa880877");
  }

  @Test
  void backboneIsWrittenAndRead() throws IOException {
    Bundle written = withBackbone(1);
    written.write(file);

    Bundle read = Bundle.read(file);

    assertThat(unzip())
        .containsOnlyKeys("manifest.json", "weights.bin", "centers.json", "backbone.pt");
    assertThat(read.manifest()).isEqualTo(written.manifest());
    assertThat(read.manifest().architecture()).isEqualTo(new Architecture.TorchScript(4, 2));
    assertThat(read.network().backbone()).isEqualTo(written.network().backbone());
    assertThat(read.networkId()).isEqualTo(written.networkId());
    assertThat(withBackbone(2).networkId()).isNotEqualTo(written.networkId());
    assertThat(read.withCenters(read.centers(), Map.of()).networkId())
        .isEqualTo(written.networkId());
  }

  @Test
  void changedBackboneIsRefused() throws IOException {
    withBackbone(1).write(file);

    assertRefused(
        rewritten("backbone.pt", BundleTest::withFlippedByte),
        "backbone.pt: 100 bytes, SHA-256",
        "damaged or changed");
  }

  @Test
  void missingBackboneIsNamed() throws IOException {
    withBackbone(1).write(file);
    Map<String, byte[]> files = unzip();
    files.remove("backbone.pt");
    zip(files);

    assertRefused(
        file,
        "backbone.pt missing (expected: a zip of [backbone.pt, centers.json, manifest.json, weights.bin])");
  }

  @Test
  void backboneOfANetworkWithoutOneIsRefused() throws IOException {
    Map<String, byte[]> files = unzip();
    files.put("backbone.pt", new byte[3]);
    zip(files);

    assertRefused(file, "backbone.pt: not a file of a network of the family resnet");
  }

  @Test
  void otherBackboneUnderItsOwnHashIsRefusedByTheNetworkId() throws IOException {
    Path other = directory.resolve("other.mekiki");
    withBackbone(2).write(file);
    Files.move(file, other);
    withBackbone(1).write(file);
    Map<String, byte[]> files = unzip();
    String mine = requireNonNull(Bundle.read(file).manifest().files().get("backbone.pt")).sha256();
    String its = requireNonNull(Bundle.read(other).manifest().files().get("backbone.pt")).sha256();
    files.put("backbone.pt", requireNonNull(withBackbone(2).backboneBytes()));
    files.computeIfPresent("manifest.json", (name, bytes) -> text(mine, its).apply(bytes));
    zip(files);

    assertRefused(file, "network id", "damaged or changed");
  }

  @Test
  void architectureAndBackboneBelongTogether() {
    assertThatThrownBy(() -> bundle(new Architecture.TorchScript(4, 2), null))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("backbone.pt missing (expected: one for networks of the family");
    assertThatThrownBy(() ->
            bundle(
                new Architecture.Residual(Architecture.Residual.RESNET, 1, 1, List.of(4)),
                new byte[1]))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("backbone.pt there (expected: one for networks of the family");
  }

  private static Bundle withBackbone(long seed) throws BundleException {
    byte[] backbone = new byte[100];
    new Random(seed).nextBytes(backbone);
    return bundle(new Architecture.TorchScript(4, 2), backbone);
  }

  private static Bundle bundle(Architecture architecture, byte @Nullable [] backbone)
      throws BundleException {
    return Bundle.of(
        new Bundle.Description(
            "tiny",
            architecture,
            Preprocessing.backbone(32),
            new InstanceHashing(256, 3, Collections.nCopies(4, 0.5f)),
            List.of(new Manifest.Tensor("w", List.of(2L))),
            Precision.FLOAT32,
            new Manifest.Training("./mekiki train", "none", 1, 1, 10, Map.of(), Map.of()),
            "none"),
        new CenterTable(16, List.of(HashCode.fromHex("00ff")), List.of("a")),
        floats(1, 2),
        backbone);
  }

  private static void assertRefused(Path file, String... parts) {
    assertThatThrownBy(() -> Bundle.read(file))
        .isInstanceOf(BundleException.class)
        .hasMessageContainingAll(parts);
  }

  private static Bundle bundle(long seed) throws BundleException {
    return bundle(seed, Preprocessing.luma(32), "none");
  }

  private static Bundle bundle(long seed, Preprocessing preprocessing, String data)
      throws BundleException {
    byte[] weights = new byte[40];
    new Random(seed).nextBytes(weights);
    return bundle(preprocessing, data, List.of(2L, 5L), Precision.FLOAT32, weights);
  }

  private static Bundle bundle(Precision precision, byte[] weights) throws BundleException {
    return bundle(Preprocessing.luma(32), "none", List.of(5L), precision, weights);
  }

  private static Bundle bundle(
      Preprocessing preprocessing,
      String data,
      List<Long> shape,
      Precision precision,
      byte[] weights)
      throws BundleException {
    return Bundle.of(
        new Bundle.Description(
            "tiny",
            new Architecture.Residual(Architecture.Residual.RESNET, 1, 1, List.of(4)),
            preprocessing,
            new InstanceHashing(256, 3, Collections.nCopies(4, 0.5f)),
            List.of(new Manifest.Tensor("w", shape)),
            precision,
            new Manifest.Training(
                "./mekiki train", data, 1, 1, 10, Map.of("rate", "1"), Map.of("map_at_all", 0.5)),
            "none"),
        new CenterTable(
            16, List.of(HashCode.fromHex("00ff"), HashCode.fromHex("ff00")), List.of("a", "b")),
        weights,
        null);
  }

  private static byte[] floats(float... values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return bytes.array();
  }

  private Path rewritten(String name, UnaryOperator<byte[]> change) {
    try {
      Map<String, byte[]> files = unzip();
      files.computeIfPresent(name, (key, bytes) -> change.apply(bytes));
      zip(files);
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] withFlippedByte(byte[] bytes) {
    byte[] changed = bytes.clone();
    changed[changed.length / 2] ^= 1;
    return changed;
  }

  private static UnaryOperator<byte[]> text(String from, String to) {
    return bytes -> {
      String text = new String(bytes, StandardCharsets.UTF_8);
      assertThat(text).contains(from);
      return text.replace(from, to).getBytes(StandardCharsets.UTF_8);
    };
  }

  private Map<String, byte[]> unzip() throws IOException {
    Map<String, byte[]> files = new LinkedHashMap<>();
    try (ZipInputStream zip =
        new ZipInputStream(new ByteArrayInputStream(Files.readAllBytes(file)))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        files.put(entry.getName(), zip.readAllBytes());
      }
    }
    return files;
  }

  private void zip(Map<String, byte[]> files) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> entry : files.entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey()));
        zip.write(entry.getValue());
      }
    }
    Files.write(file, bytes.toByteArray());
  }
}
