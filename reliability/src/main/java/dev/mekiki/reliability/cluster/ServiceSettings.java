package dev.mekiki.reliability.cluster;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/// The settings of the services.
///
/// @param bootstrapServers addresses of all brokers
/// @param partitions of `images` and of placements
/// @param replication of every topic
record ServiceSettings(String bootstrapServers, int partitions, int replication) {
  Map<String, String> encoder(String name, int port) {
    Map<String, String> settings = common();
    settings.put("mekiki.encoder.port", Integer.toString(port));
    settings.put("mekiki.encoder.instance-id", name);
    settings.put("mekiki.encoder.decoders", "1");
    settings.put("mekiki.encoder.decode-memory", "64MiB");
    settings.put("mekiki.generation.partitions", Integer.toString(partitions));
    return settings;
  }

  Map<String, String> index(Path state, int port) {
    Map<String, String> settings = common();
    settings.put("mekiki.index.port", Integer.toString(port));
    settings.put("mekiki.index.state-dir", state.toString());
    settings.put("mekiki.index.rocksdb-cache", "32MiB");
    settings.put("mekiki.match.max-events-per-arrival", "10000");
    settings.put("mekiki.groups", "on");
    return settings;
  }

  /// @param encoders,indexes addresses of all of them
  Map<String, String> query(int port, String encoders, String indexes) {
    Map<String, String> settings = common();
    settings.put("mekiki.query.port", Integer.toString(port));
    // The oracle asks for all images at once.
    settings.put("mekiki.query.max-hits", "10000");
    settings.put("mekiki.query.encoder-addresses", encoders);
    settings.put("mekiki.query.index-addresses", indexes);
    return settings;
  }

  private Map<String, String> common() {
    Map<String, String> settings = new HashMap<>();
    settings.put("mekiki.kafka.bootstrap-servers", bootstrapServers);
    settings.put("mekiki.topics.partitions", Integer.toString(partitions));
    settings.put("mekiki.topics.replication", Integer.toString(replication));
    return settings;
  }
}
