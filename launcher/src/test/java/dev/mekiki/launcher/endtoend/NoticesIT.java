package dev.mekiki.launcher.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The notices that `package` writes name every library that the product is shipped with.
class NoticesIT {
  private static final Path TARGET =
      Path.of(Objects.requireNonNull(System.getProperty("mekiki.root"), "mekiki.root"))
          .resolve("launcher/target");

  private static final String UNNAMED =
      "libraries without a notice (what an earlier build left in target/lib goes with mvn clean)";

  /// A line of THIRD-PARTY.txt: licences, name, and in brackets group, artifact, version, address.
  private static final Pattern LIBRARY =
      Pattern.compile("^ +\\(.+\\) .+ \\([\\w.-]+:([\\w.-]+):([^: ]+) - .*\\)$");

  @Test
  void everyLibraryHasALicenceInTheThirdPartyNotices() throws IOException {
    List<String> named = new ArrayList<>();
    for (String line : Files.readAllLines(TARGET.resolve("notices/THIRD-PARTY.txt"))) {
      Matcher library = LIBRARY.matcher(line);
      if (library.matches()) {
        named.add(library.group(1) + "-" + library.group(2));
      }
    }

    assertThat(librariesNotIn(named)).as(UNNAMED).isEmpty();
  }

  @Test
  void everyLibraryIsInTheBillOfMaterials() throws IOException {
    Path file = TARGET.resolve("notices/sbom.cdx.json");
    assumeThat(file).as("a bill of materials; an offline build writes none").exists();
    JsonNode bill = new JsonMapper().readTree(file.toFile());
    List<String> named = new ArrayList<>();
    for (JsonNode component : bill.get("components")) {
      named.add(component.get("name").asText() + "-" + component.get("version").asText());
    }

    assertThat(bill.get("bomFormat").asText()).isEqualTo("CycloneDX");
    assertThat(librariesNotIn(named)).as(UNNAMED).isEmpty();
  }

  /// Jars of others on the product's class path whose `artifact-version` is not among `named`; a
  /// classifier may follow it.
  private static List<String> librariesNotIn(List<String> named) throws IOException {
    List<String> libraries;
    try (Stream<Path> files = Files.list(TARGET.resolve("lib"))) {
      libraries =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.endsWith(".jar") && !name.startsWith("mekiki-"))
              .toList();
    }
    assertThat(libraries).isNotEmpty();
    return libraries.stream()
        .filter(library ->
            named.stream()
                .noneMatch(name -> library.equals(name + ".jar") || library.startsWith(name + "-")))
        .toList();
  }
}
