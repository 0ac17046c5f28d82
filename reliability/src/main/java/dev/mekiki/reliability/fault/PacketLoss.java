package dev.mekiki.reliability.fault;

import dev.mekiki.reliability.cluster.SystemCommand;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Loses packets to and from a port of the loopback address, by rules of `iptables`, which only
/// root may set. They are removed on close, and when the JVM ends.
final class PacketLoss implements AutoCloseable {
  private static final String ANSWERS = "--sport";
  private static final List<String> BOTH_WAYS = List.of("--dport", ANSWERS);

  private final int port;
  private final List<String> ends;
  private final double share;
  private final Thread remover = new Thread(this::remove, "packet-loss-remover");

  private PacketLoss(int port, List<String> ends, double share) {
    this.port = port;
    this.ends = ends;
    this.share = share;
  }

  /// @param share of packets that are lost; 1 for all
  /// @throws IOException where rules cannot be set
  static PacketLoss begin(int port, double share) throws IOException, InterruptedException {
    return begin(new PacketLoss(port, BOTH_WAYS, share));
  }

  /// Loses all that comes from the port, and nothing that goes there.
  ///
  /// @throws IOException where rules cannot be set
  static PacketLoss ofAnswers(int port) throws IOException, InterruptedException {
    return begin(new PacketLoss(port, List.of(ANSWERS), 1));
  }

  private static PacketLoss begin(PacketLoss loss) throws IOException, InterruptedException {
    Runtime.getRuntime().addShutdownHook(loss.remover);
    for (String end : loss.ends) {
      iptables(loss.rule("-I", end));
    }
    return loss;
  }

  /// Packets that were lost so far.
  long lost() throws IOException, InterruptedException {
    String rules = iptables(List.of("-nvxL", "INPUT"));
    Matcher matcher =
        Pattern.compile("(?m)^\\s*(\\d+) .*DROP.*[ds]pt:%d\\b".formatted(port)).matcher(rules);
    long lost = 0;
    while (matcher.find()) {
      lost += Long.parseLong(matcher.group(1));
    }
    return lost;
  }

  private List<String> rule(String action, String end) {
    List<String> rule =
        new ArrayList<>(
            List.of(action, "INPUT", "-i", "lo", "-p", "tcp", end, Integer.toString(port)));
    if (share < 1) {
      String probability = String.format(Locale.ROOT, "%.2f", share);
      rule.addAll(List.of("-m", "statistic", "--mode", "random", "--probability", probability));
    }
    rule.addAll(List.of("-j", "DROP"));
    return rule;
  }

  private void remove() {
    for (String end : ends) {
      try {
        iptables(rule("-D", end));
      } catch (IOException e) {
        System.err.printf("port %d: a rule of iptables remains: %s%n", port, e.getMessage());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static String iptables(List<String> arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("iptables", "-w"));
    command.addAll(arguments);
    return SystemCommand.run(command);
  }

  @Override
  public void close() {
    remove();
    try {
      Runtime.getRuntime().removeShutdownHook(remover);
    } catch (IllegalStateException e) {
      // The JVM is ending. A rule that is gone cannot be removed again.
    }
  }
}
