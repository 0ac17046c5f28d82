package dev.mekiki.launcher.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.launcher.command.options.GlobalOptions;
import dev.mekiki.runtime.config.Configuration;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithParentName;
import java.io.IOException;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Holds the table of configuration keys in docs/operating.md to the typed interfaces: names, types and
/// defaults by reflection, meanings from their comments. To write it anew:
///
///     mvn -pl launcher -am test -Dtest=ConfigurationTableTest \
///         -Dmekiki.test.arguments=-Dmekiki.write-table=true -Dsurefire.failIfNoSpecifiedTests=false
class ConfigurationTableTest {
  private static final Path ROOT =
      Path.of(Objects.requireNonNull(System.getProperty("mekiki.root"), "mekiki.root"));
  private static final Path PAGE = ROOT.resolve("docs/operating.md");
  private static final String BEGIN = "<!-- keys: ConfigurationTableTest writes this table -->\n";
  private static final String END = "<!-- end of keys -->\n";

  /// A comment, annotations, and the method or class that they belong to.
  private static final Pattern COMMENTED =
      Pattern.compile(
          "((?: *///.*\\n)+)(?: *@.*\\n)*"
              + " *(?:public |static |final )*(?:class (\\w+)|[\\w.<>@?, ()]*?\\b(\\w+)\\(\\);)");

  @Test
  void theTableInTheDocumentationIsWhatTheCodeSays() throws IOException {
    String page = Files.readString(PAGE);
    int from = page.indexOf(BEGIN) + BEGIN.length();
    int to = page.indexOf(END);
    assertThat(to).as("the markers in %s", PAGE).isGreaterThanOrEqualTo(from);
    String table = table(rows());
    if (Boolean.getBoolean("mekiki.write-table")) {
      Files.writeString(PAGE, page.substring(0, from) + table + page.substring(to));
      return;
    }
    assertThat(page.substring(from, to))
        .as("the keys in %s; -Dmekiki.write-table=true writes them anew", PAGE)
        .isEqualTo(table);
  }

  @Test
  void everyKeyThatHasADefaultIsInTheTable() {
    List<String> known =
        Configuration.load(GlobalOptions.MAPPINGS, Map.of(), null, Map.of()).entries().stream()
            .map(Configuration.Entry::key)
            .toList();

    assertThat(rows().keySet()).containsAll(known);
  }

  record Row(String type, String value, String meaning) {}

  static Map<String, Row> rows() {
    Map<String, Row> rows = new TreeMap<>();
    GlobalOptions.MAPPINGS.forEach(mapping -> collect(mapping, "mekiki", rows));
    return rows;
  }

  private static void collect(Class<?> group, String prefix, Map<String, Row> rows) {
    for (Method method : group.getMethods()) {
      if (method.isDefault() || method.isSynthetic()) {
        continue;
      }
      String key =
          method.isAnnotationPresent(WithParentName.class)
              ? prefix
              : prefix + "." + dashed(method.getName());
      Class<?> type = method.getReturnType();
      if (type.isInterface() && type.getName().startsWith("dev.mekiki.")) {
        collect(type, key, rows);
      } else {
        String shown = Map.class.isAssignableFrom(type) ? key + ".<setting>" : key;
        rows.put(shown, new Row(type(method), value(method), meaning(method)));
      }
    }
  }

  private static String dashed(String name) {
    return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }

  private static String value(Method method) {
    WithDefault value = method.getAnnotation(WithDefault.class);
    return value == null ? "" : "`%s`".formatted(value.value());
  }

  /// What the converter's comment says is allowed, else what the Java type does.
  private static String type(Method method) {
    Optional<Class<?>> converter =
        converter(method)
            .or(() ->
                typeArguments(method.getAnnotatedReturnType()).stream()
                    .map(ConfigurationTableTest::converter)
                    .flatMap(Optional::stream)
                    .findFirst());
    String plain = plain(method.getGenericReturnType());
    if (converter.isEmpty()) {
      return plain;
    }
    String words = comment(converter.get(), converter.get().getSimpleName());
    String described = words.substring(0, 1).toLowerCase(Locale.ROOT) + words.substring(1);
    if (words.startsWith("TCP") || words.startsWith("`")) {
      described = words;
    }
    described = described.replaceFirst("\\.$", "");
    return plain.startsWith("list") ? "list of " + described : described;
  }

  private static Optional<Class<?>> converter(AnnotatedElement element) {
    return Optional.ofNullable(element.getAnnotation(WithConverter.class))
        .map(WithConverter::value);
  }

  private static List<AnnotatedType> typeArguments(AnnotatedType type) {
    return type instanceof AnnotatedParameterizedType parameterized
        ? Arrays.asList(parameterized.getAnnotatedActualTypeArguments())
        : List.of();
  }

  private static String plain(Type type) {
    if (type instanceof ParameterizedType parameterized) {
      List<Type> arguments = Arrays.asList(parameterized.getActualTypeArguments());
      return parameterized.getRawType().equals(List.class)
          ? "list, separated by commas"
          : plain(arguments.getLast());
    }
    if (type instanceof Class<?> named && named.isEnum()) {
      return "word";
    }
    return switch (type.getTypeName()) {
      case "boolean", "java.lang.Boolean" -> "`true` or `false`";
      case "short", "int", "long", "java.lang.Integer", "java.lang.Long" -> "number";
      case "java.time.Duration" -> "duration";
      case "java.nio.file.Path" -> "path";
      case "java.lang.String" -> "text";
      default -> throw new AssertionError("no words for the type " + type.getTypeName());
    };
  }

  /// The comment of a method, or of the one that it overrides.
  private static String meaning(Method method) {
    Stream<Class<?>> owners =
        Stream.concat(
            Stream.of(method.getDeclaringClass()),
            Arrays.stream(method.getDeclaringClass().getInterfaces()));
    return owners
        .map(owner -> comment(owner, method.getName()))
        .filter(comment -> !comment.isEmpty())
        .findFirst()
        .orElseThrow(() -> new AssertionError(method + " has no comment"));
  }

  /// The comment above a name in the source of the class that holds it; empty where it has none.
  private static String comment(Class<?> owner, String name) {
    Class<?> top = owner;
    while (top.getDeclaringClass() != null) {
      top = top.getDeclaringClass();
    }
    String file = "src/main/java/" + top.getName().replace('.', '/') + ".java";
    String source;
    try (Stream<Path> modules = Files.list(ROOT)) {
      Path path =
          modules
              .map(module -> module.resolve(file))
              .filter(Files::exists)
              .findFirst()
              .orElseThrow();
      source = Files.readString(path);
    } catch (IOException e) {
      throw new AssertionError("no source of " + owner, e);
    }
    // A name may stand in several groups of one file: only the text of its own counts.
    if (owner != top && owner.isInterface()) {
      source = source.substring(source.indexOf("interface " + owner.getSimpleName() + " "));
    }
    Matcher matcher = COMMENTED.matcher(source);
    while (matcher.find()) {
      if (name.equals(matcher.group(2)) || name.equals(matcher.group(3))) {
        return matcher
            .group(1)
            .lines()
            .map(line -> line.strip().replaceFirst("^/// ?", ""))
            .collect(Collectors.joining(" "))
            .replaceAll("\\{@link #?(\\w+)}", "`$1`")
            .strip();
      }
    }
    return "";
  }

  private static String table(Map<String, Row> rows) {
    StringBuilder table =
        new StringBuilder("| key | type | default | meaning |\n|---|---|---|---|\n");
    rows.forEach((key, row) ->
        table.append(
            "| `%s` | %s | %s | %s |\n"
                .formatted(
                    key,
                    row.type().replace("|", "\\|"),
                    row.value().replace("|", "\\|"),
                    row.meaning().replace("|", "\\|"))));
    return table.toString();
  }
}
