package dev.mekiki.launcher.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Unknown keys in the environment are ignored, so a slip in a compose file would go unnoticed.
class ComposeFilesTest {
  /// Read by the image's script.
  private static final Set<String> OF_THE_SCRIPT = Set.of("MEKIKI_JAVA_OPTS");

  private static final Pattern VARIABLE =
      Pattern.compile("^ *(MEKIKI_[A-Z_]+):", Pattern.MULTILINE);

  @ParameterizedTest
  @ValueSource(strings = {"compose.yaml", "compose.cluster.yaml"})
  void everyVariableIsAKey(String file) throws IOException {
    String compose =
        Files.readString(Path.of(System.getProperty("mekiki.root", ".."), "docker", file));
    Set<String> known =
        ConfigurationTableTest.rows().keySet().stream()
            .map(key -> key.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_"))
            .collect(Collectors.toCollection(TreeSet::new));
    known.addAll(OF_THE_SCRIPT);

    assertThat(VARIABLE.matcher(compose).results().map(variable -> variable.group(1)))
        .isNotEmpty()
        .isSubsetOf(known);
  }
}
