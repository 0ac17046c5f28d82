package dev.mekiki.launcher.client;

import dev.mekiki.client.MekikiClient;
import dev.mekiki.client.MekikiClientBuilder;
import dev.mekiki.runtime.server.ClientAccess;

/// Clients that show what a caller has. Stateless.
public final class Clients {
  /// A user waits: an address at which nobody listens is reported at once.
  private static final int ATTEMPTS = 3;

  private Clients() {}

  /// A client for a user who waits.
  ///
  /// @param server host:port of a query service, or its URL; nothing is connected before the first
  ///   call
  /// @throws IllegalArgumentException where it is neither
  public static MekikiClient of(String server, ClientAccess access) {
    return of(server, access, ATTEMPTS);
  }

  /// A client for who waits longer, or shorter.
  ///
  /// @param attempts how often a call is made at most
  public static MekikiClient of(String server, ClientAccess access, int attempts) {
    MekikiClientBuilder builder =
        MekikiClient.builder(access.url(server))
            .connections(access::connections)
            .attempts(attempts);
    access.token().ifPresent(builder::token);
    return builder.build();
  }
}
