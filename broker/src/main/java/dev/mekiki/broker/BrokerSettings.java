package dev.mekiki.broker;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Where an embedded broker keeps its data, where it listens and which address it gives clients.
///
/// @param dataDirectory its own directory, created if missing; the cluster id and all topics live
///   there
/// @param host the name or address to listen on; `0.0.0.0` for every address of the machine
/// @param port the port for clients; 0 for a free one
/// @param maxRecordBytes the largest record batch that a topic takes unless its own
///   `max.message.bytes` says otherwise, at least 1 MiB; requests may be twice that
/// @param advertised the address that clients connect to; absent: where it listens, by the
///   machine's name where that is every address
/// @param external a second port, for clients that reach this machine at another address, such as
///   those outside a container network
public record BrokerSettings(
    Path dataDirectory,
    String host,
    int port,
    int maxRecordBytes,
    Optional<Endpoint> advertised,
    Optional<External> external) {
  private static final int MIB = 1 << 20;
  private static final int DEFAULT_MAX_RECORD_BYTES = 64 * MIB;

  public BrokerSettings {
    if (host.isBlank()) {
      throw new IllegalArgumentException("host: '' (expected: a host name or address)");
    }
    checkPort(port);
    if (maxRecordBytes < MIB || maxRecordBytes > Integer.MAX_VALUE / 2) {
      throw new IllegalArgumentException(
          "maxRecordBytes: %d (expected: %d..%d)"
              .formatted(maxRecordBytes, MIB, Integer.MAX_VALUE / 2));
    }
    dataDirectory = dataDirectory.toAbsolutePath().normalize();
  }

  /// A broker that takes records of up to 64 MiB and advertises where it listens.
  public BrokerSettings(Path dataDirectory, String host, int port) {
    this(dataDirectory, host, port, DEFAULT_MAX_RECORD_BYTES, Optional.empty(), Optional.empty());
  }

  /// A broker on a free port of the loopback address.
  public static BrokerSettings onFreePort(Path dataDirectory) {
    return new BrokerSettings(dataDirectory, "127.0.0.1", 0);
  }

  /// Whether other machines may reach it: it listens beyond loopback. An unknown host counts as
  /// such.
  public boolean isReachableFromElsewhere() {
    try {
      return !InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return true;
    }
  }

  /// The same with other addresses for clients.
  public BrokerSettings advertising(
      @Nullable Endpoint newAdvertised, @Nullable External newExternal) {
    return new BrokerSettings(
        dataDirectory,
        host,
        port,
        maxRecordBytes,
        Optional.ofNullable(newAdvertised),
        Optional.ofNullable(newExternal));
  }

  /// An address that clients connect to.
  ///
  /// @param host a name or address
  /// @param port 1 to 65535
  public record Endpoint(String host, int port) {
    public Endpoint {
      if (host.isBlank() || port < 1) {
        throw new IllegalArgumentException(
            "address: '%s:%d' (expected: host:port)".formatted(host, port));
      }
      checkPort(port);
    }

    /// host:port, an IPv6 address in brackets.
    String address() {
      return literal(host) + ":" + port;
    }
  }

  /// A second port to listen on.
  ///
  /// @param port where
  /// @param advertised the address that clients of this port connect to
  public record External(int port, Endpoint advertised) {
    public External {
      checkPort(port);
    }
  }

  /// A host as it stands before a port: an IPv6 address in brackets.
  static String literal(String host) {
    return host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
  }

  private static void checkPort(int port) {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port: %d (expected: 0..65535)".formatted(port));
    }
  }
}
