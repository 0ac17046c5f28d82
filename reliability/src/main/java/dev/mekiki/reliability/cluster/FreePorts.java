package dev.mekiki.reliability.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/// Ports of the loopback address that nothing listens on. They lie below those that Linux gives to
/// outgoing connections: a process that is down for a while finds its own one free again.
final class FreePorts {
  private static final int FIRST = 16_000;
  private static final int LAST = 32_000;

  // Two runs at once on one machine shall not meet.
  private int next = ThreadLocalRandom.current().nextInt(FIRST, LAST - 1_000);

  int take() throws IOException {
    while (next <= LAST) {
      int port = next++;
      if (isFree(port)) {
        return port;
      }
    }
    throw new IOException("ports: none is free from %d to %d".formatted(FIRST, LAST));
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
