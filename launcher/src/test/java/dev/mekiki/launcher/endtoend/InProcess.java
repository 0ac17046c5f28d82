package dev.mekiki.launcher.endtoend;

import dev.mekiki.client.MekikiClient;
import dev.mekiki.encoder.EncoderConfig;
import dev.mekiki.index.IndexConfig;
import dev.mekiki.launcher.allinone.AllInOne;
import dev.mekiki.launcher.allinone.AllInOneSettings;
import dev.mekiki.launcher.allinone.Configurations;
import dev.mekiki.launcher.process.Closing;
import dev.mekiki.query.QueryConfig;
import dev.mekiki.runtime.config.Configuration;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// All of Mekiki in the test's own process, on free ports.
final class InProcess implements AutoCloseable {
  private static final Map<String, String> FREE_PORTS =
      Map.of(
          "mekiki.encoder.port", "0",
          "mekiki.index.port", "0",
          "mekiki.query.port", "0");

  private final Closing parts = Closing.atExit();
  private final AllInOne mekiki;
  private final MekikiClient api;

  InProcess(Path data, Map<String, String> values) throws InterruptedException {
    Map<String, String> all = new HashMap<>(FREE_PORTS);
    all.putAll(values);
    try {
      mekiki = AllInOne.start(configurations(all), new AllInOneSettings(data, 0, Map.of()), parts);
      api = parts.add(MekikiClient.of(mekiki.server()));
    } catch (InterruptedException | RuntimeException e) {
      parts.close();
      throw e;
    }
  }

  /// Configuration from the given values alone.
  static Configurations configurations(Map<String, String> values) {
    return (presets, overrides) -> {
      Map<String, String> all = new HashMap<>(presets);
      all.putAll(values);
      all.putAll(overrides);
      return Configuration.load(
          List.of(EncoderConfig.class, IndexConfig.class, QueryConfig.class), all, null, Map.of());
    };
  }

  String bootstrapServers() {
    return mekiki.bootstrapServers();
  }

  String server() {
    return mekiki.server();
  }

  MekikiClient api() {
    return api;
  }

  @Override
  public void close() {
    parts.close();
  }
}
