package dev.mekiki.runtime.config;

/// Where a service listens. A service's own group extends it and gives the defaults.
public interface ListenConfig {
  /// Name or address to listen on.
  String host();

  /// Port to listen on, 0 for a free one.
  int port();
}
