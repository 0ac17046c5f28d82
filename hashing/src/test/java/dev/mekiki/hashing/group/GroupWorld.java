package dev.mekiki.hashing.group;

import dev.mekiki.hashing.group.GroupMessage.Gone;
import dev.mekiki.hashing.group.GroupMessage.Placed;
import dev.mekiki.hashing.group.GroupMessage.Reported;
import dev.mekiki.hashing.group.GroupOracle.Match;
import dev.mekiki.hashing.group.PairEnd.Reason;
import dev.mekiki.hashing.group.ReportedPair.Side;
import dev.mekiki.hashing.match.Revision;
import dev.mekiki.hashing.match.Sha256;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// A whole world in one thread: images come, change and go, events report pairs at any later time,
/// people dismiss pairs, and the partitions of contents send each other messages and are killed.
/// Only the order of what one sender sends to one partition is kept; everything else happens by
/// chance.
final class GroupWorld {
  final Random random;
  private final Fault fault;
  private final List<Content> contents = new ArrayList<>();
  private final Set<Match> near = new HashSet<>();
  private final List<Partition> partitions = new ArrayList<>();

  /// What is under way, by sender and receiving partition.
  private final Map<List<Object>, Deque<Object>> channels = new LinkedHashMap<>();

  private final Map<String, Image> present = new TreeMap<>();
  private final List<Image> revisions = new ArrayList<>();
  private final Map<String, Pair> reported = new LinkedHashMap<>();
  private final Set<Match> dismissed = new HashSet<>();
  private long now;
  private long offset;

  final List<String> retracted = new ArrayList<>();
  final Map<Content, Long> published = new TreeMap<>();
  int kills;
  int messages;

  /// A revision of an image.
  private record Image(String id, Content content, Revision revision, long time) {
    Side side() {
      return new Side(content, id, revision);
    }

    Age age() {
      return new Age(time, id);
    }
  }

  record Pair(String eventId, Side later, Side earlier, boolean joins) implements ReportedPair {}

  /// Tells a partition that a pair was judged.
  private record Judged(Match pair) {}

  /// Lets a partition read a record of a group.
  private record Recorded(Content content) {}

  GroupWorld(Random random, Fault fault) {
    this.random = random;
    this.fault = fault;
    int partitionCount = 1 + random.nextInt(4);
    for (int number = 0; number < partitionCount; number++) {
      partitions.add(new Partition(number));
    }
    int tenants = 1 + random.nextInt(2);
    int contentCount = 2 + random.nextInt(8);
    for (int number = 0; number < contentCount; number++) {
      contents.add(
          new Content(
              random.nextInt(tenants) == 0 ? "" : "t",
              new Sha256(random.nextLong(), random.nextLong(), 0, number)));
    }
    // Records of an index that was there before.
    for (Content content : contents) {
      if (random.nextInt(4) == 0) {
        published.put(content, 99L);
        partitions.get(content.partition(partitionCount)).log.add(new Recorded(content));
      }
    }
    double density = random.nextDouble();
    for (Content a : contents) {
      for (Content b : contents) {
        if (a.compareTo(b) < 0 && a.tenant().equals(b.tenant()) && random.nextDouble() < density) {
          near.add(Match.of(a, b));
        }
      }
    }
  }

  /// A task: it reads one log, and commits what it has done with all that it has sent.
  private final class Partition {
    final int number;
    final List<Object> log = new ArrayList<>();
    MemoryTables committed = new MemoryTables(fault);
    MemoryTables tables = committed;
    int read;
    int committedRead;

    /// Whether the transaction will end by a kill: only then a copy of the tables is kept.
    boolean isDoomed;

    final List<GroupMessage> sent = new ArrayList<>();
    final List<String> retractions = new ArrayList<>();
    final Map<Content, Long> groups = new LinkedHashMap<>();
    ContentGroups logic;

    Partition(int number) {
      this.number = number;
      logic = logic();
      commit();
    }

    private ContentGroups logic() {
      return new ContentGroups(
          tables,
          tables,
          tables,
          sent::add,
          (pair, end) -> retractions.add(pair.eventId()),
          (a, b) -> dismissed.contains(Match.of(a, b)),
          () -> now,
          2);
    }

    void step() {
      switch (random.nextInt(8)) {
        case 0 -> logic.work(1);
        case 1 -> publish(1);
        case 2 -> {
          if (isDoomed) {
            kill();
          } else {
            commit();
          }
        }
        default -> readOne();
      }
    }

    boolean readOne() {
      if (read == log.size()) {
        return false;
      }
      switch (log.get(read++)) {
        case GroupMessage message -> logic.accept(message);
        case Judged(var pair) -> logic.judged(pair.a(), pair.b());
        case Recorded(var content) -> logic.recorded(content);
        case Object other -> throw new IllegalStateException(other.toString());
      }
      return true;
    }

    boolean publish(int limit) {
      return logic.publish(
          new GroupSink() {
            @Override
            public void changed(Content representative, Node node) {
              groups.put(representative, node.size());
            }

            @Override
            public void dissolved(Content representative) {
              groups.put(representative, 0L);
            }
          },
          limit);
    }

    void commit() {
      logic.settle();
      sent.forEach(message -> send("content-" + number, message));
      messages += sent.size();
      retracted.addAll(retractions);
      groups.forEach((content, size) -> {
        if (size == 0) {
          published.remove(content);
        } else {
          published.put(content, size);
          log.add(new Recorded(content));
        }
      });
      committedRead = read;
      begin();
    }

    void kill() {
      kills++;
      tables = committed;
      if (fault != Fault.NOT_READ_AGAIN) {
        read = committedRead;
      }
      begin();
    }

    private void begin() {
      isDoomed = random.nextInt(6) == 0;
      if (isDoomed) {
        committed = new MemoryTables(tables);
      }
      sent.clear();
      retractions.clear();
      groups.clear();
      logic = logic();
    }
  }

  private void send(String sender, GroupMessage message) {
    send(sender, message.to().partition(partitions.size()), message);
  }

  private void send(String sender, int partition, Object message) {
    channels.computeIfAbsent(List.of(sender, partition), _ -> new ArrayDeque<>()).add(message);
  }

  /// Lets things happen, and then lets the partitions come to rest.
  void run(int steps) {
    for (int step = 0; step < steps; step++) {
      switch (random.nextInt(12)) {
        case 0 -> change();
        case 1, 2 -> report();
        case 3 -> {
          if (random.nextInt(4) == 0) {
            judge();
          }
        }
        case 4, 5, 6 -> deliver();
        default -> partitions.get(random.nextInt(partitions.size())).step();
      }
    }
    for (Partition partition : partitions) {
      if (partition.isDoomed) {
        partition.kill();
      }
      partition.isDoomed = false;
    }
    rest();
  }

  /// An image comes, changes or goes.
  private void change() {
    String id = "i" + random.nextInt(10);
    String sender = "placement-" + id.hashCode() % 2;
    @Nullable Image before = present.get(id);
    boolean isRemoval = before != null && random.nextInt(3) == 0;
    if (before != null) {
      send(
          sender,
          new Gone(
              before.content(),
              id,
              before.revision(),
              isRemoval ? Reason.DELETED : Reason.REPLACED));
      present.remove(id);
    }
    if (!isRemoval) {
      Image image =
          new Image(
              id,
              contents.get(random.nextInt(contents.size())),
              new Revision("images", 0, offset++),
              random.nextInt(6));
      present.put(id, image);
      revisions.add(image);
      send(sender, new Placed(image.content(), new Member(id, image.revision(), image.time())));
    }
  }

  /// An event reports two revisions, which may be gone already.
  private void report() {
    if (revisions.isEmpty()) {
      return;
    }
    Image a = revisions.get(random.nextInt(revisions.size()));
    Image b = revisions.get(random.nextInt(revisions.size()));
    boolean isNear = near.contains(Match.of(a.content(), b.content()));
    if (a.id().equals(b.id()) || !(isNear || a.content().equals(b.content()))) {
      return;
    }
    Image later = a.age().compareTo(b.age()) > 0 ? a : b;
    Image earlier = later.equals(a) ? b : a;
    String eventId = later.revision().offset() + "-" + earlier.revision().offset();
    Pair pair = new Pair(eventId, later.side(), earlier.side(), isNear && random.nextInt(8) != 0);
    if (reported.putIfAbsent(eventId, pair) == null) {
      String sender = "matches-" + random.nextInt(2);
      send(sender, new Reported(later.content(), pair));
      if (!later.content().equals(earlier.content())) {
        send(sender, new Reported(earlier.content(), pair));
      }
    }
  }

  private void judge() {
    Content a = contents.get(random.nextInt(contents.size()));
    Content b = contents.get(random.nextInt(contents.size()));
    if (!a.equals(b)) {
      Match pair = Match.of(a, b);
      if (!dismissed.add(pair)) {
        dismissed.remove(pair);
      }
      partitions.forEach(partition -> send("verdicts", partition.number, new Judged(pair)));
    }
  }

  private boolean deliver() {
    List<List<Object>> waiting = new ArrayList<>(channels.keySet());
    if (waiting.isEmpty()) {
      return false;
    }
    List<Object> key = waiting.get(random.nextInt(waiting.size()));
    Deque<Object> channel = channels.getOrDefault(key, new ArrayDeque<>());
    Object message =
        fault != Fault.OUT_OF_ORDER || random.nextBoolean()
            ? channel.removeFirst()
            : channel.removeLast();
    if (channel.isEmpty()) {
      channels.remove(key);
    }
    partitions.get((Integer) key.get(1)).log.add(message);
    return true;
  }

  /// Until nothing is under way, nothing unread and nothing left to do.
  private void rest() {
    boolean goesOn = true;
    while (goesOn) {
      goesOn = false;
      while (deliver()) {
        goesOn = true;
      }
      for (Partition partition : partitions) {
        while (partition.readOne()) {
          goesOn = true;
        }
        goesOn |= partition.logic.work(3);
        goesOn |= partition.publish(2);
        goesOn |= partition.logic.remind(3);
        goesOn |= !partition.tables.work.isEmpty();
        partition.commit();
        partition.isDoomed = false;
        goesOn |= partition.read < partition.log.size();
      }
      goesOn |= !channels.isEmpty();
    }
  }

  /// Lets so much time pass that all is forgotten that may be.
  void forget() {
    now += 2 * ContentGroups.KEPT_MILLIS;
    rest();
    now += 2 * ContentGroups.KEPT_MILLIS;
    rest();
  }

  /// The groups as the partitions have them.
  Map<Content, Set<Age>> groups() {
    Map<Content, Set<Age>> groups = new TreeMap<>();
    for (Partition partition : partitions) {
      partition.tables.nodes.forEach((content, node) -> {
        if (node.isGroup()) {
          Set<Age> members = new TreeSet<>(images(content));
          partition
              .tables
              .joiners
              .getOrDefault(content, Map.of())
              .keySet()
              .forEach(joined -> members.addAll(images(joined)));
          groups.put(content, members);
        }
      });
    }
    return groups;
  }

  private List<Age> images(Content content) {
    return partitions
        .get(content.partition(partitions.size()))
        .tables
        .oldest(content, Integer.MAX_VALUE);
  }

  /// The groups as they must be.
  Map<Content, Set<Age>> expectedGroups() {
    Map<Content, Set<Age>> images = new TreeMap<>();
    present
        .values()
        .forEach(image ->
            images.computeIfAbsent(image.content(), _ -> new TreeSet<>()).add(image.age()));
    Set<Match> matches = new HashSet<>();
    reported
        .values()
        .forEach(pair -> {
          if (pair.joins()) {
            matches.add(Match.of(pair.later().content(), pair.earlier().content()));
          }
        });
    matches.removeAll(dismissed);
    return GroupOracle.groups(images, matches);
  }

  /// The events that must be retracted.
  Set<String> expectedRetractions() {
    Set<String> expected = new TreeSet<>();
    reported.forEach((eventId, pair) -> {
      if (!isPresent(pair.later()) || !isPresent(pair.earlier())) {
        expected.add(eventId);
      }
    });
    return expected;
  }

  private boolean isPresent(Side side) {
    Image image = present.get(side.id());
    return image != null && image.revision().equals(side.revision());
  }

  /// What differs from what must be, a sentence each.
  List<String> defects() {
    List<String> defects = new ArrayList<>();
    Map<Content, Set<Age>> expected = expectedGroups();
    if (!groups().equals(expected)) {
      defects.add("groups %s, not %s".formatted(groups(), expected));
    }
    Map<Content, Long> sizes = new TreeMap<>();
    expected.forEach((content, members) -> sizes.put(content, (long) members.size()));
    if (!published.equals(sizes)) {
      defects.add("published %s, not %s".formatted(published, sizes));
    }
    if (!new TreeSet<>(retracted).equals(expectedRetractions())) {
      defects.add("retracted %s, not %s".formatted(retracted, expectedRetractions()));
    }
    if (new HashSet<>(retracted).size() < retracted.size()) {
      defects.add("retracted twice: " + retracted);
    }
    defects.addAll(wrongJoiners());
    return defects;
  }

  private List<String> wrongJoiners() {
    List<String> defects = new ArrayList<>();
    for (Partition partition : partitions) {
      partition.tables.joiners.forEach((content, joiners) ->
          joiners.forEach((joined, joiner) -> {
            List<Age> images = images(joined);
            Joiner right = new Joiner(images.getFirst(), images.size(), images);
            if (!right.equals(joiner)) {
              defects.add("%s has joined as %s, not %s".formatted(joined, joiner, right));
            }
          }));
    }
    return defects;
  }

  /// What is kept of images and pairs that are long gone, a sentence each.
  List<String> remains() {
    List<String> remains = new ArrayList<>();
    Map<Content, Set<String>> ids = new HashMap<>();
    present
        .values()
        .forEach(
            image -> ids.computeIfAbsent(image.content(), _ -> new HashSet<>()).add(image.id()));
    for (Partition partition : partitions) {
      MemoryTables tables = partition.tables;
      addAll(remains, "a node", tables.nodes.keySet(), ids.keySet());
      addAll(remains, "members", tables.members.keySet(), ids.keySet());
      addAll(remains, "neighbours", tables.neighbours.keySet(), ids.keySet());
      tables
          .neighbours
          .values()
          .forEach(all -> addAll(remains, "a neighbour", all.keySet(), ids.keySet()));
      addAll(remains, "joiners", tables.joiners.keySet(), ids.keySet());
      addAll(remains, "a note that it is gone", tables.gone.keySet(), Set.of());
      addAll(remains, "an ending", tables.endings.keySet(), Set.of());
      addAll(remains, "a reminder", tables.reminders, Set.of());
      addAll(remains, "work", tables.work.values(), Set.of());
      addAll(remains, "a change", tables.changed, Set.of());
      tables.pairs.forEach((key, pair) -> {
        if (!isPresent(pair.later()) || !isPresent(pair.earlier())) {
          remains.add("a pair: " + key);
        }
      });
    }
    return remains;
  }

  private static <T> void addAll(
      List<String> remains, String what, Iterable<? extends T> kept, Set<? extends T> due) {
    for (T one : kept) {
      if (!due.contains(one)) {
        remains.add(what + " of " + one);
      }
    }
  }
}
