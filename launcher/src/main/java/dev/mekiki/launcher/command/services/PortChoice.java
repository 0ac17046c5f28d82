package dev.mekiki.launcher.command.services;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/// Chooses a port where any is good enough.
final class PortChoice {
  private PortChoice() {}

  /// The given port of the loopback address where nothing listens there, else 0, which stands for a
  /// free one.
  static int freeOrAny(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return port;
    } catch (IOException e) {
      return 0;
    }
  }
}
