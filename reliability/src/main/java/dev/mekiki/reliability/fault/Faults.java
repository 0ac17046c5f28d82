package dev.mekiki.reliability.fault;

import dev.mekiki.files.DirectoryTree;
import dev.mekiki.reliability.cluster.Clock;
import dev.mekiki.reliability.cluster.Cluster;
import dev.mekiki.reliability.cluster.Directories;
import dev.mekiki.reliability.cluster.Disk;
import dev.mekiki.reliability.cluster.Node;
import dev.mekiki.reliability.fault.Fault.Part;
import dev.mekiki.reliability.topics.TopicNames;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/// Brings faults about, one after the other; the parts of one at the same time.
public final class Faults {
  private static final Duration READY_LIMIT = Duration.ofMinutes(2);
  private static final int POISON_EACH = 12;
  private static final double LOST_SHARE = 0.3;
  private static final Duration DECODER_PAUSE = Duration.ofMillis(200);
  private static final Duration DISK_PAUSE = Duration.ofMillis(100);

  /// Milliseconds.
  private static final long SHORTEST_STALL = 300;

  private static final long LONGEST_STALL = 3_000;

  /// Less than brokers let timestamps be ahead of their own clocks.
  private static final Duration CLOCK_OFF = Duration.ofMinutes(30);

  private static final Pattern REFUSAL = Pattern.compile("(?i)state director");
  private static final Executor THREADS = task -> Thread.ofVirtual().start(task);

  private final Cluster cluster;
  private final Path copies;
  private final Random random;
  private final Poison poison;
  private final List<Happened> happened = new ArrayList<>();

  /// @param copies where earlier states are kept
  public Faults(Cluster cluster, Path copies, long seed, TopicNames names) {
    this.cluster = cluster;
    this.copies = copies;
    this.random = new Random(seed);
    this.poison = new Poison(seed, cluster.bootstrapServers(), names);
  }

  /// @param note what was seen
  /// @param evident whether that shows that it has happened
  private record Seen(String note, boolean evident) {
    static final Seen NOTHING = new Seen("", false);
  }

  /// Brings all about at their times; returns once the last one is over.
  ///
  /// @param listener gets each as soon as it is over
  public void run(List<Fault> faults, Consumer<Happened> listener) throws InterruptedException {
    Instant begin = Instant.now();
    for (Fault fault : faults) {
      Duration left = Duration.between(Instant.now(), begin.plus(fault.due()));
      if (left.isPositive()) {
        Thread.sleep(left);
      }
      Instant from = Instant.now();
      List<CompletableFuture<Seen>> parts =
          fault.parts().stream()
              .map(part -> CompletableFuture.supplyAsync(() -> carryOut(part), THREADS))
              .toList();
      StringBuilder note = new StringBuilder();
      boolean evident = false;
      for (CompletableFuture<Seen> part : parts) {
        Seen seen = part.join();
        note.append(seen.note());
        evident |= seen.evident();
      }
      Happened over = new Happened(fault, from, Instant.now(), note.toString(), evident);
      happened.add(over);
      listener.accept(over);
    }
  }

  private Seen carryOut(Part part) {
    try {
      return switch (part.kind()) {
        case KILL -> kill(part);
        case FREEZE -> freeze(part);
        case DELETE_STATE -> deleteState(part);
        case DAMAGE_STATE -> damageState(part);
        case OLD_STATE -> oldState(part);
        case KILL_IN_RESTORE -> killInRestore(part);
        case INTRUDER -> intruder(part);
        case POISON -> poison();
        case CUT -> lose(part, 1);
        case LOSS -> lose(part, LOST_SHARE);
        case LOST_ANSWERS -> loseAnswers(part);
        case SEPARATE -> separate(part);
        case DECODER_CRASH -> signalDecoders(part, "SEGV");
        case DECODER_OUT_OF_MEMORY -> signalDecoders(part, "KILL");
        case FULL_DISK -> fillDisk(part);
        case SLOW_DISK -> slowDisk(part);
        case CLOCK_JUMP -> setClock(part);
        case ROLLING_RESTART -> rollingRestart();
      };
    } catch (IOException | InterruptedException e) {
      throw new CompletionException("fault " + part, e);
    }
  }

  private Seen kill(Part part) throws IOException, InterruptedException {
    List<Node> nodes = nodes(part);
    for (Node node : nodes) {
      node.kill();
    }
    Thread.sleep(part.lasts());
    for (Node node : nodes) {
      node.start();
    }
    return Seen.NOTHING;
  }

  private Seen freeze(Part part) throws IOException, InterruptedException {
    List<Node> nodes = nodes(part);
    for (Node node : nodes) {
      node.freeze();
    }
    Thread.sleep(part.lasts());
    for (Node node : nodes) {
      node.thaw();
    }
    return Seen.NOTHING;
  }

  private Seen deleteState(Part part) throws IOException, InterruptedException {
    Node node = nodes(part).getFirst();
    node.kill();
    DirectoryTree.delete(cluster.state(node));
    Thread.sleep(part.lasts());
    node.start();
    return Seen.NOTHING;
  }

  /// Only a clean end leaves state behind that the next start goes on with.
  private Seen damageState(Part part) throws IOException, InterruptedException {
    Node node = nodes(part).getFirst();
    boolean ended = node.end();
    int cut = StateFiles.damage(cluster.state(node), random);
    Thread.sleep(part.lasts());
    node.start();
    return new Seen(
        "%d files cut%s ".formatted(cut, ended ? "" : " (did not end by SIGTERM)"), cut > 0);
  }

  private Seen oldState(Part part) throws IOException, InterruptedException {
    Node node = nodes(part).getFirst();
    Path copy = copies.resolve(node.name());
    boolean ended = node.end();
    Directories.copy(cluster.state(node), copy);
    node.start();
    boolean ready = Cluster.await(Instant.now().plus(READY_LIMIT), () -> cluster.isReady(node));
    Thread.sleep(part.lasts());
    node.kill();
    boolean isOlder = !StateFiles.sizes(cluster.state(node)).equals(StateFiles.sizes(copy));
    DirectoryTree.delete(cluster.state(node));
    Directories.copy(copy, cluster.state(node));
    node.start();
    return new Seen(
        (ended ? "" : "did not end by SIGTERM ") + (ready ? "" : "was not ready between "),
        isOlder);
  }

  private Seen killInRestore(Part part) throws IOException, InterruptedException {
    Node node = nodes(part).getFirst();
    node.kill();
    DirectoryTree.delete(cluster.state(node));
    node.start();
    Thread.sleep(part.lasts());
    node.kill();
    node.start();
    return Seen.NOTHING;
  }

  private Seen intruder(Part part) throws IOException, InterruptedException {
    Node owner = nodes(part).getFirst();
    // The process that comes first takes the directory.
    Cluster.await(Instant.now().plus(READY_LIMIT), () -> cluster.isReady(owner));
    Node intruder = cluster.intruder(owner);
    Instant from = Instant.now();
    intruder.start();
    boolean ended = Cluster.await(from.plus(READY_LIMIT), () -> !intruder.isRunning());
    intruder.kill();
    // The message of a command that ends is a line without a time.
    boolean refused = ended && Logs.holds(intruder, REFUSAL);
    return new Seen(
        refused ? "refused " : ended ? "ended otherwise " : "was not refused ", refused);
  }

  private Seen poison() throws InterruptedException {
    int taken = poison.send(POISON_EACH);
    return new Seen("%d records taken ".formatted(taken), taken > 0);
  }

  private Seen lose(Part part, double share) throws IOException, InterruptedException {
    try (PacketLoss loss = PacketLoss.of(nodes(part).getFirst(), share)) {
      return lost(part, loss);
    }
  }

  private Seen loseAnswers(Part part) throws IOException, InterruptedException {
    try (PacketLoss loss = PacketLoss.ofAnswers(nodes(part).getFirst())) {
      return lost(part, loss);
    }
  }

  private Seen separate(Part part) throws IOException, InterruptedException {
    Node one = cluster.node(part.nodes().getFirst());
    List<Node> others = part.nodes().stream().skip(1).map(cluster::node).toList();
    try (PacketLoss loss = PacketLoss.between(one, others)) {
      return lost(part, loss);
    }
  }

  private static Seen lost(Part part, PacketLoss loss) throws IOException, InterruptedException {
    Thread.sleep(part.lasts());
    long lost = loss.lost();
    return new Seen("%d packets lost ".formatted(lost), lost > 0);
  }

  /// Again and again, so that some meet a picture that is decoded.
  private Seen signalDecoders(Part part, String signal) throws IOException, InterruptedException {
    Node encoder = nodes(part).getFirst();
    // One that still starts has none.
    Cluster.await(Instant.now().plus(READY_LIMIT), () -> cluster.isReady(encoder));
    Instant end = Instant.now().plus(part.lasts());
    int ended = 0;
    while (Instant.now().isBefore(end)) {
      ended += encoder.signalChildren(signal);
      Thread.sleep(DECODER_PAUSE);
    }
    return new Seen("%d decoders ended ".formatted(ended), ended > 0);
  }

  private Seen fillDisk(Part part) throws IOException, InterruptedException {
    Node node = nodes(part).getFirst();
    // One that still starts writes nothing.
    Cluster.await(Instant.now().plus(READY_LIMIT), () -> cluster.isReady(node));
    Disk disk = cluster.disk(node);
    long written = disk.fill();
    Instant end = Instant.now().plus(part.lasts());
    while (Instant.now().isBefore(end)) {
      // What others delete meanwhile is no room either.
      written += disk.fill();
      Thread.sleep(DISK_PAUSE);
    }
    disk.clear();
    return new Seen("%d MB filled ".formatted(written >> 20), written > 0);
  }

  private Seen slowDisk(Part part) throws IOException, InterruptedException {
    Disk disk = cluster.disk(nodes(part).getFirst());
    Instant end = Instant.now().plus(part.lasts());
    Duration longest = Duration.ZERO;
    while (Instant.now().isBefore(end)) {
      Duration lasts = Duration.ofMillis(random.nextLong(SHORTEST_STALL, LONGEST_STALL));
      Duration waited = disk.stall(lasts);
      longest = waited.compareTo(longest) > 0 ? waited : longest;
      Thread.sleep(DISK_PAUSE);
    }
    return new Seen(
        "a write waited %.1f s ".formatted(longest.toMillis() / 1e3),
        longest.toMillis() >= SHORTEST_STALL / 2);
  }

  private Seen setClock(Part part) throws IOException, InterruptedException {
    Node node = nodes(part).getFirst();
    Cluster.await(Instant.now().plus(READY_LIMIT), () -> cluster.isReady(node));
    Clock clock = cluster.clock(node);
    Duration off = random.nextBoolean() ? CLOCK_OFF : CLOCK_OFF.negated();
    clock.set(off);
    Thread.sleep(part.lasts());
    clock.set(Duration.ZERO);
    return new Seen("by %d min ".formatted(off.toMinutes()), node.hasLoaded(Clock.LIBRARY));
  }

  private Seen rollingRestart() throws IOException, InterruptedException {
    StringBuilder note = new StringBuilder();
    for (Node node : cluster.nodes()) {
      if (!node.end()) {
        note.append("%s did not end by SIGTERM ".formatted(node));
      }
      node.start();
      if (!Cluster.await(Instant.now().plus(READY_LIMIT), () -> cluster.isReady(node))) {
        note.append("%s was not ready in time ".formatted(node));
      }
    }
    return new Seen(note.toString(), true);
  }

  private List<Node> nodes(Part part) {
    return cluster.nodes().stream().filter(node -> part.nodes().contains(node.name())).toList();
  }

  /// Those that are over, in their order.
  public List<Happened> happened() {
    return List.copyOf(happened);
  }
}
