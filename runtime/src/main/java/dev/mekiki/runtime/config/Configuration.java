package dev.mekiki.runtime.config;

import dev.mekiki.runtime.StartException;
import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.jspecify.annotations.Nullable;

/// What is configured, checked as a whole. Overrides (flags of the command line) win over the
/// environment, that over the file, that over defaults.
///
/// A key `mekiki.encoder.max-delay` is `MEKIKI_ENCODER_MAX_DELAY` in the environment. Unknown keys
/// are refused. In the environment that means variables that start as a group of keys does, such as
/// `MEKIKI_ENCODER_`, except those that Kubernetes makes for a service named so
/// (`MEKIKI_ENCODER_SERVICE_HOST`): others share the environment, and `MEKIKI_JAVA_OPTS` is no key.
///
/// Immutable, thread-safe.
public final class Configuration {
  private static final String PREFIX = "mekiki.";
  private static final String OVERRIDES = "command line";
  private static final String ENVIRONMENT = "environment";
  private static final String DEFAULTS = "default";
  private static final int OVERRIDES_ORDINAL = 400;
  private static final int ENVIRONMENT_ORDINAL = 300;
  private static final int FILE_ORDINAL = 200;

  private static final Pattern SECRET =
      Pattern.compile(".*(password|secret|jaas|token|credential|\\.key).*");
  private static final Pattern MESSAGE_CODE = Pattern.compile("SRCFG\\d+: ");
  private static final Pattern BAD_VALUE =
      Pattern.compile(
          "(?:[\\w.]+: )?The config property (\\S+) with the config value \"(.*)\" threw an"
              + " Exception whilst being converted (.*)",
          Pattern.DOTALL);
  private static final Pattern NAMED_SOURCE =
      Pattern.compile("PropertiesConfigSource\\[source=(.*)]");
  private static final Pattern UNKNOWN_KEY =
      Pattern.compile("(?:[\\w.]+: )?(\\S+) in (.*) does not map to any root");

  /// The variables by which Kubernetes and Docker links name the services around a container.
  private static final Pattern SERVICE_LINK =
      Pattern.compile(".*_(SERVICE_HOST|SERVICE_PORT(_.+)?|PORT|PORT_\\d+_(TCP|UDP)(_.+)?)");

  private final SmallRyeConfig config;

  private Configuration(SmallRyeConfig config) {
    this.config = config;
  }

  /// Reads and checks everything.
  ///
  /// @param mappings the `@ConfigMapping` interfaces of all services whose keys may occur; a file
  ///   may serve several services, so a service's own is not enough to know which keys are unknown
  /// @param overrides keys and values that win over everything else
  /// @param file a properties file in UTF-8, or null
  /// @param environment usually {@link System#getenv()}
  /// @throws StartException listing every unknown key and bad value, or where the file cannot be
  ///   read
  public static Configuration load(
      Collection<Class<?>> mappings,
      Map<String, String> overrides,
      @Nullable Path file,
      Map<String, String> environment) {
    List<ConfigSource> sources = new ArrayList<>();
    sources.add(new PropertiesConfigSource(overrides, OVERRIDES, OVERRIDES_ORDINAL));
    sources.add(new EnvConfigSource(environment, ENVIRONMENT_ORDINAL));
    if (file != null) {
      sources.add(new PropertiesConfigSource(properties(file), "file " + file, FILE_ORDINAL));
    }
    SmallRyeConfigBuilder builder = new SmallRyeConfigBuilder().withSources(sources);
    mappings.forEach(builder::withMapping);
    List<String> unknownKeys = new ArrayList<>(unknownKeys(overrides.keySet(), OVERRIDES));
    unknownKeys.addAll(unknownVariables(mappings, environment.keySet()));
    try {
      Configuration configuration = new Configuration(builder.build());
      if (!unknownKeys.isEmpty()) {
        throw StartException.of("configuration", unknownKeys);
      }
      return configuration;
    } catch (ConfigValidationException e) {
      List<String> problems = new ArrayList<>(unknownKeys);
      for (int i = 0; i < e.getProblemCount(); i++) {
        problems.add(explained(e.getProblem(i).getMessage()));
      }
      throw StartException.of("configuration", problems.stream().distinct().sorted().toList());
    }
  }

  /// What is configured by the given keys alone, for one service: no file, no environment.
  ///
  /// @throws StartException as {@link #load} does
  public static <T> T of(Class<T> mapping, Map<String, String> values) {
    return load(List.of(mapping), values, null, Map.of()).get(mapping);
  }

  /// The given mapping, which must be one of those loaded.
  public <T> T get(Class<T> mapping) {
    return config.getConfigMapping(mapping);
  }

  /// Every key that holds, by name, with its value and where it came from; secrets are masked.
  public List<Entry> entries() {
    return StreamSupport.stream(config.getPropertyNames().spliterator(), false)
        .filter(key -> key.startsWith(PREFIX))
        .sorted()
        .distinct()
        .map(key -> Optional.ofNullable(config.getConfigValue(key)))
        .flatMap(Optional::stream)
        .filter(value -> value.getValue() != null)
        .map(value ->
            new Entry(
                value.getName(),
                isSecret(value.getName()) ? "****" : value.getValue(),
                origin(value.getConfigSourceName())))
        .toList();
  }

  /// A key that holds.
  ///
  /// @param key its full name
  /// @param value its value as written, masked where it is a secret
  /// @param origin `command line`, `environment`, `file PATH` or `default`
  public record Entry(String key, String value, String origin) {}

  private static boolean isSecret(String key) {
    // A path is no secret, and shows what may be wrong.
    return SECRET.matcher(key).matches() && !key.endsWith("-file");
  }

  private static String origin(@Nullable String source) {
    if (source == null || source.startsWith("DefaultValues")) {
      return DEFAULTS;
    }
    Matcher named = NAMED_SOURCE.matcher(source);
    if (named.matches()) {
      return named.group(1);
    }
    return source.startsWith("EnvConfigSource") ? ENVIRONMENT : source;
  }

  // SmallRye looks for unknown keys below the mapped prefix alone.
  private static List<String> unknownKeys(Collection<String> keys, String origin) {
    return keys.stream()
        .filter(key -> !key.startsWith(PREFIX))
        .sorted()
        .map(key ->
            "%s: unknown key in %s (expected: one that starts with %s)"
                .formatted(key, origin, PREFIX))
        .toList();
  }

  private static List<String> unknownVariables(
      Collection<Class<?>> mappings, Collection<String> variables) {
    // Of settings that are passed through, such as `mekiki.kafka.client.*`, any name is a key.
    Set<String> keys = new HashSet<>();
    Set<String> openEnded = new HashSet<>();
    Set<String> groups = new HashSet<>();
    for (Class<?> mapping : mappings) {
      for (String key : ConfigMappings.getProperties(ConfigClass.configClass(mapping)).keySet()) {
        int star = key.indexOf('*');
        if (star < 0) {
          keys.add(variable(key));
        } else {
          openEnded.add(variable(key.substring(0, star)));
        }
        int group = key.indexOf('.', PREFIX.length());
        // A key that stands alone, such as `mekiki.groups`, begins no group.
        if (group >= 0) {
          groups.add(variable(key.substring(0, group + 1)));
        }
      }
    }
    return variables.stream()
        .filter(variable -> groups.stream().anyMatch(variable::startsWith))
        .filter(variable -> !keys.contains(variable))
        .filter(variable -> openEnded.stream().noneMatch(variable::startsWith))
        .filter(variable -> !SERVICE_LINK.matcher(variable).matches())
        .sorted()
        .map(variable -> "%s: unknown key in %s".formatted(variable, ENVIRONMENT))
        .toList();
  }

  /// A key's name in the environment, as MicroProfile Config has it.
  private static String variable(String key) {
    return key.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
  }

  private static Map<String, String> properties(Path file) {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    } catch (MalformedInputException e) {
      throw new StartException("configuration file: %s is not UTF-8".formatted(file), e);
    } catch (IOException | IllegalArgumentException e) {
      throw new StartException(
          "configuration file: %s cannot be read: %s (expected: a properties file)"
              .formatted(file, e),
          e);
    }
    Map<String, String> map = new HashMap<>();
    properties.stringPropertyNames().forEach(key -> map.put(key, properties.getProperty(key)));
    List<String> unknownKeys = unknownKeys(map.keySet(), "file " + file);
    if (!unknownKeys.isEmpty()) {
      throw StartException.of("configuration", unknownKeys);
    }
    return map;
  }

  private static String explained(String problem) {
    String text = MESSAGE_CODE.matcher(problem).replaceAll("");
    Matcher badValue = BAD_VALUE.matcher(text);
    if (badValue.matches()) {
      String expectation = badValue.group(3).replaceFirst("^[\\w.]+Exception: ", "");
      return "%s: '%s' (%s)".formatted(badValue.group(1), badValue.group(2), expectation);
    }
    Matcher unknown = UNKNOWN_KEY.matcher(text);
    if (unknown.matches()) {
      return "%s: unknown key in %s".formatted(unknown.group(1), origin(unknown.group(2)));
    }
    return text;
  }
}
