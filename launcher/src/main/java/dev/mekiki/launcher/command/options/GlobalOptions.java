package dev.mekiki.launcher.command.options;

import dev.mekiki.encoder.EncoderConfig;
import dev.mekiki.index.IndexConfig;
import dev.mekiki.launcher.allinone.Configurations;
import dev.mekiki.query.QueryConfig;
import dev.mekiki.runtime.config.Configuration;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What every command takes that reads configuration.
public final class GlobalOptions {
  /// All services' keys: one file may serve them all, so each command must know them all.
  public static final List<Class<?>> MAPPINGS =
      List.of(BrokerConfig.class, EncoderConfig.class, IndexConfig.class, QueryConfig.class);

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Configuration: a properties file; `mekiki config` lists the keys.")
  private @Nullable Path file;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Set one key, such as mekiki.match.radius=6; wins over file and environment.")
  private Map<String, String> set = new HashMap<>();

  /// What is configured for a service that runs alone.
  public Configuration load() {
    return load(Map.of(), Map.of());
  }

  /// The same with a command's own options, which win over `--set`.
  public Configurations with(Map<String, String> options) {
    return (presets, overrides) -> {
      Map<String, String> values = new HashMap<>(options);
      values.putAll(overrides);
      return load(presets, values);
    };
  }

  private Configuration load(Map<String, String> presets, Map<String, String> overrides) {
    Map<String, String> values = new TreeMap<>(set);
    values.putAll(overrides);
    Configuration asked = Configuration.load(MAPPINGS, values, file, System.getenv());
    Map<String, String> missing = new TreeMap<>(presets);
    asked.entries().stream()
        .filter(entry -> !entry.origin().equals("default"))
        .forEach(entry -> missing.remove(entry.key()));
    if (missing.isEmpty()) {
      return asked;
    }
    missing.putAll(values);
    return Configuration.load(MAPPINGS, missing, file, System.getenv());
  }
}
