package dev.mekiki.broker;

import java.nio.file.Path;

/// Where an embedded broker keeps its data and where it listens.
///
/// @param dataDirectory its own directory, created if missing; the cluster id and all topics live
///   there
/// @param host the name or address to listen on and to tell clients
/// @param port the port for clients; 0 for a free one
/// @param maxRecordBytes the largest record batch that a topic takes unless its own
///   `max.message.bytes` says otherwise, at least 1 MiB; requests may be twice that
public record BrokerSettings(Path dataDirectory, String host, int port, int maxRecordBytes) {
  private static final int MIB = 1 << 20;
  private static final int DEFAULT_MAX_RECORD_BYTES = 64 * MIB;

  public BrokerSettings {
    if (host.isBlank()) {
      throw new IllegalArgumentException("host: '' (expected: a host name or address)");
    }
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port: %d (expected: 0..65535)".formatted(port));
    }
    if (maxRecordBytes < MIB || maxRecordBytes > Integer.MAX_VALUE / 2) {
      throw new IllegalArgumentException(
          "maxRecordBytes: %d (expected: %d..%d)"
              .formatted(maxRecordBytes, MIB, Integer.MAX_VALUE / 2));
    }
    dataDirectory = dataDirectory.toAbsolutePath().normalize();
  }

  /// A broker that takes records of up to 64 MiB.
  public BrokerSettings(Path dataDirectory, String host, int port) {
    this(dataDirectory, host, port, DEFAULT_MAX_RECORD_BYTES);
  }

  /// A broker on a free port of the loopback address.
  public static BrokerSettings onFreePort(Path dataDirectory) {
    return new BrokerSettings(dataDirectory, "127.0.0.1", 0);
  }
}
