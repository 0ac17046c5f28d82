package dev.mekiki.reliability.fault;

import dev.mekiki.reliability.cluster.Node;
import dev.mekiki.reliability.cluster.SystemCommand;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Loses packets on the loopback address, by rules of `iptables`, which only root may set. They are
/// removed on close, and when the JVM ends.
final class PacketLoss implements AutoCloseable {
  private static final String TO = "--dport";
  private static final String FROM = "--sport";

  private final List<Rule> rules;
  private final Thread remover = new Thread(this::remove, "packet-loss-remover");

  /// @param chain of `iptables`
  /// @param packets which ones of those to or from a port
  private record Rule(String chain, String end, int port, List<String> packets) {
    List<String> command(String action) {
      List<String> command =
          new ArrayList<>(List.of(action, chain, chain.equals("INPUT") ? "-i" : "-o", "lo"));
      command.addAll(List.of("-p", "tcp", end, Integer.toString(port)));
      command.addAll(packets);
      command.addAll(List.of("-j", "DROP"));
      return command;
    }
  }

  private PacketLoss(List<Rule> rules) {
    this.rules = List.copyOf(rules);
  }

  /// Loses packets to and from the port where a process listens.
  ///
  /// @param share of packets that are lost; 1 for all
  /// @throws IOException where rules cannot be set
  static PacketLoss of(Node node, double share) throws IOException, InterruptedException {
    List<String> packets =
        share < 1
            ? List.of(
                "-m",
                "statistic",
                "--mode",
                "random",
                "--probability",
                String.format(Locale.ROOT, "%.2f", share))
            : List.of();
    return begin(
        List.of(
            new Rule("INPUT", TO, node.port(), packets),
            new Rule("INPUT", FROM, node.port(), packets)));
  }

  /// Loses all that comes from the port where a process listens, and nothing that goes there.
  ///
  /// @throws IOException where rules cannot be set
  static PacketLoss ofAnswers(Node node) throws IOException, InterruptedException {
    return begin(List.of(new Rule("INPUT", FROM, node.port(), List.of())));
  }

  /// Loses all that one process sends to where the others listen, and all that they send to where
  /// it does. Each of them reaches everybody else.
  ///
  /// @throws IOException where rules cannot be set
  static PacketLoss between(Node one, List<Node> others) throws IOException, InterruptedException {
    List<Rule> rules = new ArrayList<>();
    for (Node other : others) {
      rules.addAll(fromTo(one, other));
      rules.addAll(fromTo(other, one));
    }
    return begin(rules);
  }

  private static List<Rule> fromTo(Node sender, Node receiver) {
    List<String> own = List.of("-m", "owner", "--gid-owner", Integer.toString(sender.group()));
    return receiver.ports().stream().map(port -> new Rule("OUTPUT", TO, port, own)).toList();
  }

  private static PacketLoss begin(List<Rule> rules) throws IOException, InterruptedException {
    PacketLoss loss = new PacketLoss(rules);
    Runtime.getRuntime().addShutdownHook(loss.remover);
    for (Rule rule : loss.rules) {
      iptables(rule.command("-I"));
    }
    return loss;
  }

  /// Packets that were lost so far.
  long lost() throws IOException, InterruptedException {
    String ports =
        rules.stream()
            .map(rule -> Integer.toString(rule.port()))
            .distinct()
            .collect(Collectors.joining("|"));
    Matcher matcher =
        Pattern.compile("(?m)^\\s*(\\d+) .*DROP.*[ds]pt:(?:%s)\\b".formatted(ports))
            .matcher(iptables(List.of("-nvxL", rules.getFirst().chain())));
    long lost = 0;
    while (matcher.find()) {
      lost += Long.parseLong(matcher.group(1));
    }
    return lost;
  }

  private void remove() {
    for (Rule rule : rules) {
      try {
        iptables(rule.command("-D"));
      } catch (IOException e) {
        System.err.printf("a rule of iptables remains: %s%n", e.getMessage());
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
