package dev.mekiki.launcher.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Names of code in Markdown pages exist in the code: types, packages, flags and configuration keys
/// between backticks. Types of libraries stand in `foreign-names.txt`.
class ReferencesTest {
  /// `FanOut`, `FanOut.java` or `FanOut.settle`: two humps at least, as HTTP or Kafka are no types.
  private static final Pattern TYPE =
      Pattern.compile("([A-Z][a-z0-9]+(?:[A-Z][a-z0-9]*)+)(\\W.*)?");

  /// `hashing.match`, `dev.mekiki.hashing.match.MatchRule`; `weights.bin` is a file.
  private static final Pattern PACKAGE =
      Pattern.compile(
          "(?:dev\\.mekiki\\.)?(([a-z]+)(?:\\.(?!json$|html$|bin$|txt$|svg$|proto$)[a-z][a-z0-9]*)*)"
              + "(?:\\.([A-Z]\\w*).*)?");

  private static final Pattern GENERATED =
      Pattern.compile("java_package = \"dev\\.mekiki\\.([\\w.]+)\"");

  private static final Pattern FLAG = Pattern.compile("--[a-z][a-z-]+");

  /// A configuration key, a metric or a topic.
  private static final Pattern KEY = Pattern.compile("mekiki\\.[a-z0-9-]+\\.[a-z0-9.-]*[a-z0-9]");

  private static final Pattern LITERAL = Pattern.compile("\"([a-z0-9.-]+)\"");

  private static final Pattern ROW = Pattern.compile("(?m)^\\| `(mekiki\\.[a-z0-9.-]+)` \\|");

  private static final Pattern DECLARATION =
      Pattern.compile("\\b(?:class|interface|record|enum|message|service|rpc|@interface) (\\w+)");

  private static final Names NAMES = Names.read();

  @Test
  void typesPackagesFlagsAndKeysBetweenBackticksExist() {
    Set<String> absent = new TreeSet<>();
    for (Page page : Page.all().values()) {
      for (String span : page.codeSpans()) {
        if (!exists(span)) {
          absent.add(page.name() + ": " + span);
        }
      }
    }

    assertThat(absent).as("names of nothing (those of libraries: foreign-names.txt)").isEmpty();
  }

  @Test
  void whatDoesNotExistIsFound() {
    List<String> spans =
        List.of(
            "NoSuchType",
            "NoSuchType.method",
            "hashing.nosuchpackage",
            "hashing.bucket.MatchRule",
            "training.NoSuchType",
            "dev.mekiki.hashing.match.NoSuchType",
            "--no-such-flag N",
            "mekiki.query.no-such-key");

    assertThat(spans).noneMatch(ReferencesTest::exists);
  }

  @Test
  void whatExistsIsNot() {
    List<String> spans =
        List.of(
            "ReferencesTest",
            "ReferencesTest.java",
            "launcher.documentation",
            "dev.mekiki.launcher.documentation.ReferencesTest",
            "--json",
            "mekiki.query.port",
            "mekiki.images.dlq",
            "index.html",
            "HTTP");

    assertThat(spans).allMatch(ReferencesTest::exists);
  }

  private static boolean exists(String span) {
    if (KEY.matcher(span).matches()) {
      return NAMES.keys.contains(span) || NAMES.keys.contains(span.replaceFirst("mekiki\\.", ""));
    }
    Matcher named = PACKAGE.matcher(span);
    if (named.matches() && span.contains(".") && NAMES.packages.contains(named.group(2))) {
      return named.group(3) == null
          ? NAMES.packages.contains(named.group(1))
          : NAMES.types.contains(named.group(1) + "." + named.group(3));
    }
    Matcher type = TYPE.matcher(span);
    if (type.matches()) {
      return NAMES.types.contains(type.group(1));
    }
    return !span.startsWith("--")
        || FLAG.matcher(span).results().allMatch(flag -> NAMES.flags.contains(flag.group()));
  }

  /// @param packages without `dev.mekiki.`
  /// @param types Java types by their simple and by their full name, messages, services and rpcs
  /// @param flags options of commands and of scripts
  /// @param keys configuration keys, which `ConfigurationTableTest` compares with the code, and
  ///   literals of the code, metrics and topics among them
  private record Names(
      Set<String> packages, Set<String> types, Set<String> flags, Set<String> keys) {
    static Names read() {
      Names names =
          new Names(
              new HashSet<>(),
              new HashSet<>(Lines.of("foreign-names.txt")),
              new HashSet<>(),
              new HashSet<>());
      Page.forEachFile(names::add);
      return names;
    }

    private void add(Path file) throws IOException {
      String name = file.getFileName().toString();
      boolean java = name.endsWith(".java");
      if (java || name.endsWith(".proto")) {
        String text = Files.readString(file);
        DECLARATION.matcher(text).results().forEach(found -> types.add(found.group(1)));
        GENERATED.matcher(text).results().forEach(found -> packages.add(found.group(1)));
        if (java) {
          addPackages(file);
        }
        if (java && file.toString().contains("/src/main/")) {
          LITERAL.matcher(text).results().forEach(found -> keys.add(found.group(1)));
          FLAG.matcher(text).results().forEach(found -> flags.add(found.group()));
        }
      } else if (file.endsWith("docs/operating.md")) {
        ROW.matcher(Files.readString(file)).results().forEach(found -> keys.add(found.group(1)));
      } else if (!name.contains(".")) {
        // Scripts and Dockerfiles.
        String text = Files.readString(file);
        FLAG.matcher(text).results().forEach(found -> flags.add(found.group()));
      }
    }

    private void addPackages(Path file) {
      Matcher source =
          Pattern.compile(".*/src/\\w+/java/dev/mekiki/(.+)/[^/]+").matcher(file.toString());
      if (source.matches()) {
        String simpleName = file.getFileName().toString().replace(".java", "");
        types.add(source.group(1).replace('/', '.') + "." + simpleName);
        List<String> parts = Arrays.asList(source.group(1).split("/"));
        Stream.iterate(1, length -> length + 1)
            .limit(parts.size())
            .map(length -> parts.stream().limit(length).collect(Collectors.joining(".")))
            .forEach(packages::add);
      }
    }
  }
}
