package dev.mekiki.reliability.fault;

import dev.mekiki.reliability.cluster.Cluster;
import dev.mekiki.reliability.cluster.Node;
import dev.mekiki.reliability.cluster.Role;
import dev.mekiki.reliability.fault.Fault.Kind;
import dev.mekiki.reliability.fault.Fault.Part;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// Whether faults have had an effect, by the logs of the processes.
public final class Evidence {
  /// For so long after its end an effect may be that of a fault: on a machine that has much else to
  /// do a start takes half a minute, and an instance that is stopped again before it has partitions
  /// restores none until the next start.
  private static final Duration AFTER = Duration.ofMinutes(6);

  private static final Set<Kind> SEEN_AT_ONCE =
      Set.of(
          Kind.INTRUDER,
          Kind.OLD_STATE,
          Kind.POISON,
          Kind.CUT,
          Kind.LOSS,
          Kind.LOST_ANSWERS,
          Kind.SEPARATE,
          Kind.DECODER_CRASH,
          Kind.DECODER_OUT_OF_MEMORY,
          Kind.SLOW_DISK,
          Kind.CLOCK_JUMP);

  private static final Pattern REBALANCE =
      Pattern.compile("Index state changed .*to=REBALANCING|Partitions (assigned|revoked)");
  private static final Pattern RESTORE = Pattern.compile("Store restored .*records=[1-9]");

  /// What is restored while a partition stands by is not logged.
  private static final Pattern RESTORE_OR_EMPTY =
      Pattern.compile(RESTORE.pattern() + "|Search structure built .*images=0 |State is damaged");

  private static final Pattern FENCING =
      Pattern.compile(
          "(?i)being fenced|ProducerFenced|InvalidProducerEpoch|TaskMigrated|missed a rebalance"
              + "|Group changed while committing|Completed rollback of ongoing transaction");
  private static final Pattern NO_SPACE = Pattern.compile("(?i)no space left");
  private static final Pattern BROKERS =
      Pattern.compile("(?i)shrinking ISR|fenc|election|leader epoch|resign|disconnected");
  private static final Pattern QUERY =
      Pattern.compile("Watching index instance|Server started service=query|does not answer");

  private final Cluster cluster;

  public Evidence(Cluster cluster) {
    this.cluster = cluster;
  }

  /// The parts of a fault that nothing shows.
  public List<String> missing(Happened happened) {
    List<String> missing = new ArrayList<>();
    for (Part part : happened.fault().parts()) {
      boolean seen =
          SEEN_AT_ONCE.contains(part.kind())
              ? happened.evident()
              : Logs.count(
                      witnesses(part), pattern(part), happened.from(), happened.to().plus(AFTER))
                  > 0;
      if (!seen) {
        missing.add(part.toString());
      }
    }
    return missing;
  }

  private List<Node> witnesses(Part part) {
    Role role = role(part);
    return switch (part.kind()) {
      case KILL, FREEZE -> role == Role.BROKER ? witnessesOfBrokers(part) : cluster.nodes(role);
      case ROLLING_RESTART -> cluster.nodes(Role.INDEX);
      default ->
          cluster.nodes().stream().filter(node -> part.nodes().contains(node.name())).toList();
    };
  }

  /// What a broker's absence does is seen by the others; where there are none, the brokers elect
  /// leaders when they are back.
  private List<Node> witnessesOfBrokers(Part part) {
    List<Node> others =
        cluster.nodes(Role.BROKER).stream()
            .filter(node -> !part.nodes().contains(node.name()))
            .toList();
    return others.isEmpty() ? cluster.nodes(Role.BROKER) : others;
  }

  private Pattern pattern(Part part) {
    return switch (part.kind()) {
      case DELETE_STATE, DAMAGE_STATE, KILL_IN_RESTORE -> RESTORE_OR_EMPTY;
      case FULL_DISK -> NO_SPACE;
      default ->
          switch (role(part)) {
            case BROKER -> BROKERS;
            case QUERY -> QUERY;
            case ENCODER, INDEX -> REBALANCE;
          };
    };
  }

  private Role role(Part part) {
    return cluster.nodes().stream()
        .filter(node -> part.nodes().contains(node.name()))
        .map(Node::role)
        .findFirst()
        .orElse(Role.INDEX);
  }

  /// Rebalances of encoders and index instances in a span of time.
  public long rebalances(Instant from, Instant to) {
    return Logs.count(cluster.nodes(), REBALANCE, from, to);
  }

  /// Stores that were restored from records in a span of time.
  public long restores(Instant from, Instant to) {
    return Logs.count(cluster.nodes(Role.INDEX), RESTORE, from, to);
  }

  /// Times that a process or its transaction was fenced, or rolled back, in a span of time.
  public long fencings(Instant from, Instant to) {
    return Logs.count(cluster.nodes(), FENCING, from, to);
  }
}
