package dev.mekiki.encoding.bundle;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mekiki.encoding.io.Sha256Digest;
import dev.mekiki.encoding.network.Architecture;
import dev.mekiki.encoding.network.InstanceHashing;
import dev.mekiki.encoding.preprocess.Preprocessing;
import dev.mekiki.hashing.center.CenterTable;
import dev.mekiki.hashing.code.HashCode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/// The bytes of a bundle. A zip of exactly `manifest.json`, `weights.bin`, `centers.json` and, for
/// an {@link Architecture.TorchScript} alone, `backbone.pt`, always written in that order and with
/// the same time stamps: equal bundles are equal files.
///
/// A Mekiki that knows no backbones refuses the fourth file, so that it needs no format version of
/// its own, and all other bundles stay readable there.
final class BundleFormat {
  /// Largest bundle, and largest file within one: bounds what a hostile zip can make of little.
  static final int MAX_BYTES = 512 << 20;

  private static final String MANIFEST = "manifest.json";
  private static final String WEIGHTS = "weights.bin";
  private static final String CENTERS = "centers.json";
  private static final String BACKBONE = "backbone.pt";
  private static final Set<String> NAMES = Set.of(MANIFEST, WEIGHTS, CENTERS);
  private static final Set<String> NAMES_WITH_BACKBONE =
      Set.of(MANIFEST, WEIGHTS, CENTERS, BACKBONE);
  private static final int ID_DIGITS = 16;

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .addModule(
              new SimpleModule()
                  .addDeserializer(Architecture.class, new ArchitectureDeserializer()))
          .build();

  private BundleFormat() {}

  static Bundle assemble(
      Bundle.Description description,
      CenterTable centers,
      byte[] weights,
      byte @Nullable [] backbone)
      throws BundleException {
    Map<String, Manifest.FileEntry> files = new HashMap<>();
    files.put(WEIGHTS, entry(weights));
    files.put(CENTERS, entry(json(CenterFile.of(centers))));
    if (backbone != null) {
      files.put(BACKBONE, entry(backbone));
    }
    Manifest manifest = description.manifest(centers.bits(), "", files);
    manifest = description.manifest(centers.bits(), networkId(manifest, weights, backbone), files);
    Bundle bundle = new Bundle("(new)", manifest, centers, weights, backbone);
    verify(bundle);
    return bundle;
  }

  static byte[] write(Bundle bundle) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      put(zip, MANIFEST, prettyJson(bundle.manifest()));
      put(zip, WEIGHTS, bundle.weightBytes());
      put(zip, CENTERS, json(CenterFile.of(bundle.centers())));
      byte[] backbone = bundle.backboneBytes();
      if (backbone != null) {
        put(zip, BACKBONE, backbone);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  static Bundle read(String source, byte[] bytes) throws BundleException {
    Map<String, byte[]> files = unzip(source, bytes);
    byte[] weights = require(source, WEIGHTS, files, NAMES);
    byte[] centerBytes = require(source, CENTERS, files, NAMES);
    Manifest manifest = manifest(source, require(source, MANIFEST, files, NAMES));
    check(source, WEIGHTS, weights, manifest);
    check(source, CENTERS, centerBytes, manifest);
    byte[] backbone = null;
    if (manifest.architecture() instanceof Architecture.TorchScript) {
      backbone = require(source, BACKBONE, files, NAMES_WITH_BACKBONE);
      check(source, BACKBONE, backbone, manifest);
    } else if (files.containsKey(BACKBONE)) {
      throw new BundleException(
          "bundle %s: %s: not a file of a network of the family %s (expected: only %s)"
              .formatted(source, BACKBONE, manifest.architecture().family(), new TreeSet<>(NAMES)));
    }
    CenterFile centers = parse(source, CENTERS, centerBytes, CenterFile.class);
    Bundle bundle;
    try {
      bundle = new Bundle(source, manifest, centers.table(), weights, backbone);
    } catch (IllegalArgumentException e) {
      throw new BundleException("bundle %s: %s: %s".formatted(source, CENTERS, e.getMessage()), e);
    }
    verify(bundle);
    return bundle;
  }

  private static Manifest manifest(String source, byte[] bytes) throws BundleException {
    ObjectNode tree = parse(source, MANIFEST, bytes, ObjectNode.class);
    int version = tree.path("formatVersion").asInt();
    if (version < Manifest.OLDEST_FORMAT_VERSION || version > Manifest.FORMAT_VERSION) {
      throw new BundleException(
          "bundle %s: format version %d (expected: %d to %d)"
              .formatted(source, version, Manifest.OLDEST_FORMAT_VERSION, Manifest.FORMAT_VERSION));
    }
    if (version == 1) {
      tree.put("precision", Precision.FLOAT32.name());
      tree.put("formatVersion", Manifest.FORMAT_VERSION);
    }
    try {
      return JSON.treeToValue(tree, Manifest.class);
    } catch (JsonProcessingException e) {
      throw new BundleException("bundle %s: %s: %s".formatted(source, MANIFEST, reason(e)), e);
    }
  }

  private static byte[] require(
      String source, String name, Map<String, byte[]> files, Set<String> names)
      throws BundleException {
    byte[] content = files.get(name);
    if (content == null) {
      throw new BundleException(
          "bundle %s: %s missing (expected: a zip of %s)"
              .formatted(source, name, new TreeSet<>(names)));
    }
    return content;
  }

  private static void check(String source, String name, byte[] content, Manifest manifest)
      throws BundleException {
    Manifest.FileEntry actual = entry(content);
    Manifest.FileEntry expected = manifest.files().get(name);
    if (expected == null) {
      throw new BundleException(
          "bundle %s: %s: not among the manifest's files".formatted(source, name));
    }
    if (!actual.equals(expected)) {
      throw new BundleException(
          "bundle %s: %s: %d bytes, SHA-256 %s (expected: %d bytes, %s); damaged or changed"
              .formatted(
                  source,
                  name,
                  actual.size(),
                  actual.sha256(),
                  expected.size(),
                  expected.sha256()));
    }
  }

  /// Checks across files that the parts belong together.
  private static void verify(Bundle bundle) throws BundleException {
    Manifest manifest = bundle.manifest();
    if (bundle.centers().bits() != manifest.bits()) {
      throw new BundleException(
          "bundle %s: centers of %d bits (expected: %d, the manifest's)"
              .formatted(bundle.source(), bundle.centers().bits(), manifest.bits()));
    }
    long values = manifest.parameters().stream().mapToLong(Manifest.Tensor::size).sum();
    long expected = values * manifest.precision().bytes();
    if (expected != bundle.weightBytes().length) {
      throw new BundleException(
          "bundle %s: %s: %d bytes (expected: %d for the shapes and the precision in the manifest)"
              .formatted(bundle.source(), WEIGHTS, bundle.weightBytes().length, expected));
    }
    if (manifest.instanceHashing().featureMean().size() != manifest.architecture().features()) {
      throw new BundleException(
          "bundle %s: feature mean of %d values (expected: %d, the network's features)"
              .formatted(
                  bundle.source(),
                  manifest.instanceHashing().featureMean().size(),
                  manifest.architecture().features()));
    }
    byte[] backbone = bundle.backboneBytes();
    if ((backbone != null) != (manifest.architecture() instanceof Architecture.TorchScript)) {
      throw new BundleException(
          "bundle %s: %s %s (expected: one for networks of the family %s alone)"
              .formatted(
                  bundle.source(),
                  BACKBONE,
                  backbone == null ? "missing" : "there",
                  Architecture.TorchScript.TORCHSCRIPT));
    }
    String id = networkId(manifest, bundle.weightBytes(), backbone);
    if (!id.equals(manifest.networkId())) {
      throw new BundleException(
          "bundle %s: network id %s (expected: %s by its content); damaged or changed"
              .formatted(bundle.source(), manifest.networkId(), id));
    }
  }

  /// Everything that has a say in the codes, hashed. JSON of records is written in the order of
  /// their components, so that this text is the same everywhere.
  private static String networkId(Manifest manifest, byte[] weights, byte @Nullable [] backbone) {
    byte[] content =
        json(
            new NetworkContent(
                manifest.bits(),
                manifest.architecture(),
                manifest.preprocessing(),
                manifest.instanceHashing(),
                manifest.parameters(),
                sha256(weights),
                backbone == null ? null : sha256(backbone)));
    return sha256(content).substring(0, ID_DIGITS);
  }

  private static Map<String, byte[]> unzip(String source, byte[] bytes) throws BundleException {
    Map<String, byte[]> files = new HashMap<>();
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(bytes))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        String name = entry.getName();
        if (!NAMES_WITH_BACKBONE.contains(name)) {
          throw new BundleException(
              "bundle %s: unknown file '%s' (expected: only %s)"
                  .formatted(source, name, new TreeSet<>(NAMES_WITH_BACKBONE)));
        }
        byte[] content = zip.readNBytes(MAX_BYTES + 1);
        if (content.length > MAX_BYTES) {
          throw new BundleException(
              "bundle %s: %s: more than %d bytes".formatted(source, name, MAX_BYTES));
        }
        if (files.put(name, content) != null) {
          throw new BundleException("bundle %s: %s: there twice".formatted(source, name));
        }
      }
    } catch (BundleException e) {
      throw e;
    } catch (IOException e) {
      throw new BundleException(
          "bundle %s: not a readable zip file: %s".formatted(source, e.getMessage()), e);
    }
    return files;
  }

  private static <T> T parse(String source, String name, byte[] bytes, Class<T> type)
      throws BundleException {
    try {
      return JSON.readValue(bytes, type);
    } catch (IOException e) {
      throw new BundleException("bundle %s: %s: %s".formatted(source, name, reason(e)), e);
    }
  }

  /// What a record's constructor said, or else what the parser said.
  private static @Nullable String reason(IOException e) {
    return e.getCause() instanceof IllegalArgumentException cause
        ? cause.getMessage()
        : e.getMessage();
  }

  private static byte[] json(Object value) {
    try {
      return JSON.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] prettyJson(Object value) {
    try {
      return (JSON.writerWithDefaultPrettyPrinter().writeValueAsString(value) + "\n")
          .getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void put(ZipOutputStream zip, String name, byte[] content) throws IOException {
    ZipEntry entry = new ZipEntry(name);
    entry.setTimeLocal(LocalDateTime.of(1980, 1, 1, 0, 0));
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }

  private static Manifest.FileEntry entry(byte[] content) {
    return new Manifest.FileEntry(content.length, sha256(content));
  }

  private static String sha256(byte[] content) {
    return HexFormat.of().formatHex(Sha256Digest.start().digest(content));
  }

  /// @param backboneSha256 not written where there is none: ids from before there were backbones
  ///   stay
  private record NetworkContent(
      int bits,
      Architecture architecture,
      Preprocessing preprocessing,
      InstanceHashing instanceHashing,
      List<Manifest.Tensor> parameters,
      String weightsSha256,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String backboneSha256) {}

  /// Distinguishes the kinds of networks by their family.
  private static final class ArchitectureDeserializer extends JsonDeserializer<Architecture> {
    @Override
    public Architecture deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      JsonNode tree = context.readTree(parser);
      return tree.path("family").asText().equals(Architecture.TorchScript.TORCHSCRIPT)
          ? context.readTreeAsValue(tree, Architecture.TorchScript.class)
          : context.readTreeAsValue(tree, Architecture.Residual.class);
    }
  }

  /// `centers.json`.
  private record CenterFile(int bits, List<NamedCenter> centers) {
    static CenterFile of(CenterTable table) {
      NamedCenter[] named = new NamedCenter[table.size()];
      Arrays.setAll(named, i -> new NamedCenter(table.center(i).toHex(), table.label(i)));
      return new CenterFile(table.bits(), List.of(named));
    }

    CenterTable table() {
      return new CenterTable(
          bits,
          centers.stream().map(center -> HashCode.fromHex(center.code())).toList(),
          centers.stream().map(NamedCenter::label).toList());
    }
  }

  private record NamedCenter(String code, String label) {}
}
