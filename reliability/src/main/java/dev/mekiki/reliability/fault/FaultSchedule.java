package dev.mekiki.reliability.fault;

import dev.mekiki.reliability.cluster.Means;
import dev.mekiki.reliability.fault.Fault.Kind;
import dev.mekiki.reliability.fault.Fault.Part;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A random sequence of faults: the same seed gives the same one. Every kind comes once, in random
/// order, before one comes again.
public final class FaultSchedule {
  /// From the end of one to the beginning of the next, in seconds: less than a restart takes, so
  /// that some meet a cluster that still recovers.
  private static final int SHORTEST_PAUSE = 6;

  private static final int LONGEST_PAUSE = 14;

  /// Beyond so many in a row no further one is looked for: there are fewer in two decks.
  private static final int MOST_UNWANTED = 150;

  private static final int BROKERS = 3;
  private static final int ENCODERS = 2;
  private static final int INDEXES = 3;
  private static final int QUERIES = 2;

  private final Random random;

  private final Wanted wanted;

  /// Which faults there are, and how close they are.
  ///
  /// @param means what they may be brought about by, beside signals and files
  /// @param pause from the end of one to the beginning of the next, 6 to 14 s if it is null; up to
  ///   8 s more
  /// @param only which ones, by a part of their text
  public record Wanted(Set<Means> means, @Nullable Duration pause, Pattern only) {
    /// All of them, close to each other.
    public static Wanted all(Set<Means> means) {
      return new Wanted(means, null, Pattern.compile(""));
    }
  }

  private FaultSchedule(long seed, Wanted wanted) {
    this.random = new Random(seed);
    this.wanted = wanted;
  }

  /// The faults of a seed.
  ///
  /// @param duration faults are due before its end
  public static List<Fault> of(long seed, Duration duration, Wanted wanted) {
    return new FaultSchedule(seed, wanted).all(duration);
  }

  private List<Fault> all(Duration duration) {
    List<Fault> faults = new ArrayList<>();
    List<Supplier<List<Part>>> deck = new ArrayList<>();
    Duration due = Duration.ofSeconds(5);
    int unwanted = 0;
    while (unwanted < MOST_UNWANTED) {
      if (deck.isEmpty()) {
        deck.addAll(wholeDeck());
        Collections.shuffle(deck, random);
      }
      Fault fault = new Fault(faults.size() + 1, due, deck.removeLast().get());
      if (!wanted.only().matcher(fault.text()).find()) {
        unwanted++;
        continue;
      }
      Duration lasts =
          fault.parts().stream().map(Part::lasts).max(Duration::compareTo).orElseThrow();
      if (due.plus(lasts).compareTo(duration) > 0) {
        return faults;
      }
      faults.add(fault);
      unwanted = 0;
      due = due.plus(lasts).plus(pause());
    }
    return faults;
  }

  private Duration pause() {
    Duration pause = wanted.pause();
    int more = random.nextInt(LONGEST_PAUSE - SHORTEST_PAUSE + 1);
    return (pause == null ? Duration.ofSeconds(SHORTEST_PAUSE) : pause).plusSeconds(more);
  }

  private List<Supplier<List<Part>>> wholeDeck() {
    List<Supplier<List<Part>>> whole = new ArrayList<>(deck());
    if (wanted.means().contains(Means.DECODERS)) {
      whole.addAll(endedDecoders());
    }
    if (wanted.means().contains(Means.NETWORK)) {
      whole.addAll(losses());
    }
    if (wanted.means().contains(Means.DISKS)) {
      whole.addAll(badDisks());
    }
    if (wanted.means().contains(Means.CLOCKS)) {
      whole.addAll(clockJumps());
    }
    return whole;
  }

  private List<Supplier<List<Part>>> deck() {
    return List.of(
        () -> List.of(kill(index())),
        () -> List.of(kill(encoder())),
        () -> List.of(kill(query())),
        () -> List.of(kill(broker())),
        () -> List.of(freeze(index(), 5, 12)),
        // Its session is longer than that of an index instance.
        () -> List.of(freeze(encoder(), 12, 20)),
        () -> List.of(freeze(query(), 3, 8)),
        () -> List.of(freeze(broker(), 12, 25)),
        () -> List.of(part(Kind.KILL, others("broker", BROKERS), 6, 9)),
        () -> List.of(part(Kind.KILL, numbered("index", INDEXES), 1, 6)),
        () -> List.of(part(Kind.KILL, numbered("encoder", ENCODERS), 1, 6)),
        () -> List.of(part(Kind.KILL, allButQueries(), 1, 4)),
        () -> List.of(part(Kind.DELETE_STATE, List.of(index()), 1, 5)),
        () -> List.of(part(Kind.DAMAGE_STATE, List.of(index()), 1, 3)),
        () -> List.of(part(Kind.OLD_STATE, List.of(index()), 8, 12)),
        () -> List.of(part(Kind.KILL_IN_RESTORE, List.of(index()), 8, 12)),
        () -> List.of(part(Kind.INTRUDER, List.of(index()), 12, 15)),
        () -> List.of(part(Kind.POISON, List.of(), 1, 2)),
        () -> List.of(kill(broker()), kill(index())),
        () -> List.of(part(Kind.KILL, others("index", INDEXES), 2, 6)),
        () -> List.of(freeze(index(), 6, 12), kill(encoder())),
        () -> List.of(kill(index()), part(Kind.POISON, List.of(), 1, 2)));
  }

  private List<Supplier<List<Part>>> losses() {
    return List.of(
        () -> List.of(part(Kind.CUT, List.of(broker()), 8, 15)),
        () -> List.of(part(Kind.CUT, List.of(index()), 5, 12)),
        () -> List.of(part(Kind.CUT, List.of(query()), 5, 12)),
        () -> List.of(part(Kind.LOSS, List.of(broker()), 10, 20)),
        () -> List.of(part(Kind.LOSS, List.of(index()), 10, 20)),
        () -> List.of(part(Kind.LOSS, List.of(query()), 10, 20)),
        () -> List.of(part(Kind.LOST_ANSWERS, List.of(broker()), 8, 15)),
        () -> List.of(separate(index(), numbered("broker", BROKERS))),
        () -> List.of(separate(encoder(), numbered("broker", BROKERS))),
        () -> List.of(separate(query(), numbered("index", INDEXES))),
        () -> List.of(separateBroker()));
  }

  private Part separateBroker() {
    String broker = broker();
    List<String> others = new ArrayList<>(numbered("broker", BROKERS));
    others.remove(broker);
    return separate(broker, others);
  }

  private Part separate(String one, List<String> others) {
    List<String> nodes = new ArrayList<>(List.of(one));
    nodes.addAll(others);
    return part(Kind.SEPARATE, nodes, 8, 15);
  }

  private List<Supplier<List<Part>>> endedDecoders() {
    return List.of(
        () -> List.of(part(Kind.DECODER_CRASH, List.of(encoder()), 2, 4)),
        () -> List.of(part(Kind.DECODER_OUT_OF_MEMORY, List.of(encoder()), 2, 4)));
  }

  private List<Supplier<List<Part>>> badDisks() {
    return List.of(
        () -> List.of(part(Kind.SLOW_DISK, List.of(index()), 10, 20)),
        () -> List.of(part(Kind.SLOW_DISK, List.of(broker()), 10, 20)),
        () -> List.of(part(Kind.FULL_DISK, List.of(index()), 8, 15)),
        () -> List.of(part(Kind.FULL_DISK, List.of(broker()), 8, 15)));
  }

  private List<Supplier<List<Part>>> clockJumps() {
    return List.of(
        () -> List.of(part(Kind.CLOCK_JUMP, List.of(broker()), 8, 15)),
        () -> List.of(part(Kind.CLOCK_JUMP, List.of(index()), 8, 15)),
        () -> List.of(part(Kind.CLOCK_JUMP, List.of(query()), 8, 15)));
  }

  private Part kill(String node) {
    return part(Kind.KILL, List.of(node), 2, 8);
  }

  private Part freeze(String node, int shortest, int longest) {
    return part(Kind.FREEZE, List.of(node), shortest, longest);
  }

  /// @param shortest,longest seconds
  private Part part(Kind kind, List<String> nodes, int shortest, int longest) {
    return new Part(kind, nodes, Duration.ofSeconds(random.nextInt(shortest, longest + 1)));
  }

  private String broker() {
    return one("broker", BROKERS);
  }

  private String encoder() {
    return one("encoder", ENCODERS);
  }

  private String index() {
    return one("index", INDEXES);
  }

  private String query() {
    return one("query", QUERIES);
  }

  private String one(String role, int count) {
    return role + "-" + (1 + random.nextInt(count));
  }

  private static List<String> allButQueries() {
    List<String> names = new ArrayList<>(numbered("broker", BROKERS));
    names.addAll(numbered("encoder", ENCODERS));
    names.addAll(numbered("index", INDEXES));
    return names;
  }

  /// All but one.
  private List<String> others(String role, int count) {
    List<String> others = new ArrayList<>(numbered(role, count));
    others.remove(random.nextInt(count));
    return others;
  }

  private static List<String> numbered(String role, int count) {
    List<String> names = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      names.add(role + "-" + i);
    }
    return names;
  }
}
