package dev.mekiki.launcher.command;

import dev.mekiki.launcher.client.MekikiClient;
import picocli.CommandLine.Option;

/// Where the running Mekiki is that a command speaks to.
final class ServerOption {
  @Option(
      names = "--server",
      paramLabel = "HOST:PORT",
      defaultValue = "${env:MEKIKI_SERVER:-127.0.0.1:8080}",
      description = "The query service (default: $MEKIKI_SERVER, else 127.0.0.1:8080).")
  private String server = "";

  MekikiClient connect() {
    return new MekikiClient(server);
  }
}
