package dev.mekiki.hashing.group;

import dev.mekiki.hashing.group.ReportedPair.Role;
import dev.mekiki.hashing.group.ReportedPair.Side;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What a partition stores, in plain maps that are searched from end to end.
final class MemoryTables implements GroupTables, PairTables, Agenda {
  private final Fault fault;
  final Map<Content, Node> nodes;
  final Map<Content, Map<String, Member>> members = new TreeMap<>();
  final Map<Content, Map<Content, Neighbour>> neighbours = new TreeMap<>();
  final Map<Content, Map<Content, Joiner>> joiners = new TreeMap<>();
  final Set<Content> changed;
  final Map<StoredKey, ReportedPair> pairs;
  final Map<Side, PairEnd.Reason> gone;
  final Map<EndingKey, Ending> endings;
  final Map<Object, Work> work;
  final Set<Due> reminders;

  record StoredKey(Role role, Side side, String eventId) {}

  record EndingKey(Content content, String eventId, Role role) {}

  MemoryTables(Fault fault) {
    this.fault = fault;
    nodes = new TreeMap<>();
    changed = new TreeSet<>();
    pairs = new LinkedHashMap<>();
    gone = new HashMap<>();
    endings = new HashMap<>();
    work = new LinkedHashMap<>();
    reminders = new LinkedHashSet<>();
  }

  /// As another one stands now.
  MemoryTables(MemoryTables other) {
    fault = other.fault;
    nodes = new TreeMap<>(other.nodes);
    other.members.forEach((content, all) -> members.put(content, new TreeMap<>(all)));
    other.neighbours.forEach((content, all) -> neighbours.put(content, new TreeMap<>(all)));
    other.joiners.forEach((content, all) -> joiners.put(content, new TreeMap<>(all)));
    changed = new TreeSet<>(other.changed);
    pairs = new LinkedHashMap<>(other.pairs);
    gone = new HashMap<>(other.gone);
    endings = new HashMap<>(other.endings);
    work = new LinkedHashMap<>(other.work);
    reminders = new LinkedHashSet<>(other.reminders);
  }

  private static <K, V> Map<K, V> of(Map<Content, Map<K, V>> table, Content content) {
    Map<K, V> found = table.get(content);
    return found == null ? Map.of() : found;
  }

  private static <V> void drop(
      Map<Content, Map<Content, V>> table, Content content, Content other) {
    Map<Content, V> all = table.get(content);
    if (all != null && all.remove(other) != null && all.isEmpty()) {
      table.remove(content);
    }
  }

  @Override
  public Node node(Content content) {
    return nodes.getOrDefault(content, Node.NONE);
  }

  @Override
  public void putNode(Content content, Node node) {
    if (node.equals(Node.NONE)) {
      nodes.remove(content);
    } else {
      nodes.put(content, node);
    }
  }

  @Override
  public @Nullable Member member(Content content, String id) {
    return of(members, content).get(id);
  }

  @Override
  public void addMember(Content content, Member member) {
    if (members.computeIfAbsent(content, _ -> new TreeMap<>()).put(member.id(), member) != null) {
      throw new IllegalStateException("there is one: " + member);
    }
  }

  @Override
  public void removeMember(Content content, Member member) {
    Map<String, Member> all = members.get(content);
    if (all == null || !all.remove(member.id(), member)) {
      throw new IllegalStateException("there is none: " + member);
    }
    if (all.isEmpty()) {
      members.remove(content);
    }
  }

  @Override
  public List<Age> oldest(Content content, int limit) {
    return of(members, content).values().stream().map(Member::age).sorted().limit(limit).toList();
  }

  @Override
  public @Nullable Neighbour neighbour(Content content, Content other) {
    return of(neighbours, content).get(other);
  }

  @Override
  public void putNeighbour(Content content, Content other, Neighbour neighbour) {
    neighbours.computeIfAbsent(content, _ -> new TreeMap<>()).put(other, neighbour);
  }

  @Override
  public void removeNeighbour(Content content, Content other) {
    drop(neighbours, content, other);
  }

  @Override
  public List<Content> neighbours(Content content, @Nullable Content after, int limit) {
    return of(neighbours, content).keySet().stream()
        .filter(other -> after == null || other.compareTo(after) > 0)
        .limit(limit)
        .toList();
  }

  @Override
  public @Nullable AgedContent oldestRepresentative(Content content) {
    @Nullable AgedContent oldest = null;
    for (var entry : of(neighbours, content).entrySet()) {
      @Nullable Age age = entry.getValue().status().age();
      if (age != null && represents(entry.getValue())) {
        AgedContent one = new AgedContent(age, entry.getKey());
        oldest = oldest == null || one.compareTo(oldest) < 0 ? one : oldest;
      }
    }
    return oldest;
  }

  private boolean represents(Neighbour neighbour) {
    return switch (fault) {
      case CHAINS -> neighbour.status().age() != null;
      case DISMISSED_PAIRS_COUNT -> neighbour.status().representative();
      default -> neighbour.represents();
    };
  }

  @Override
  public @Nullable Joiner joiner(Content representative, Content joined) {
    return of(joiners, representative).get(joined);
  }

  @Override
  public void putJoiner(Content representative, Content joined, Joiner joiner) {
    joiners.computeIfAbsent(representative, _ -> new TreeMap<>()).put(joined, joiner);
  }

  @Override
  public void removeJoiner(Content representative, Content joined) {
    drop(joiners, representative, joined);
  }

  @Override
  public void putChanged(Content content) {
    changed.add(content);
  }

  @Override
  public void removeChanged(Content content) {
    changed.remove(content);
  }

  @Override
  public List<Content> changed(int limit) {
    return changed.stream().limit(limit).toList();
  }

  @Override
  public void putPair(Role role, ReportedPair pair) {
    pairs.put(new StoredKey(role, pair.side(role), pair.eventId()), pair);
  }

  @Override
  public @Nullable ReportedPair pair(Role role, Side side, String eventId) {
    return pairs.get(new StoredKey(role, side, eventId));
  }

  @Override
  public void removePair(Role role, Side side, String eventId) {
    pairs.remove(new StoredKey(role, side, eventId));
  }

  @Override
  public List<Stored> pairs(Side side, int limit) {
    List<Stored> found = new ArrayList<>();
    pairs.forEach((key, pair) -> {
      if (key.side().equals(side) && found.size() < limit) {
        found.add(new Stored(key.role(), pair));
      }
    });
    return found;
  }

  @Override
  public void putGone(Side side, PairEnd.Reason reason) {
    if (fault != Fault.REVISIONS_FORGOTTEN) {
      gone.put(side, reason);
    }
  }

  @Override
  public PairEnd.@Nullable Reason gone(Side side) {
    return gone.get(side);
  }

  @Override
  public void removeGone(Side side) {
    gone.remove(side);
  }

  @Override
  public void putEnding(Content content, String eventId, Role role, Ending ending) {
    if (fault != Fault.ENDINGS_FORGOTTEN) {
      endings.put(new EndingKey(content, eventId, role), ending);
    }
  }

  @Override
  public @Nullable Ending ending(Content content, String eventId, Role role) {
    return endings.get(new EndingKey(content, eventId, role));
  }

  @Override
  public void removeEnding(Content content, String eventId, Role role) {
    endings.remove(new EndingKey(content, eventId, role));
  }

  @Override
  public void putWork(Work some) {
    if (fault != Fault.WORK_FORGOTTEN) {
      work.put(key(some), some);
    }
  }

  @Override
  public void removeWork(Work some) {
    work.remove(key(some));
  }

  private static Object key(Work work) {
    return switch (work) {
      case Work.Announce(var content, _) -> List.of("announce", content);
      case Work.End(var side, _) -> side;
      case Work.Forget(var content) -> List.of("forget", content);
    };
  }

  @Override
  public List<Work> work(int limit) {
    return work.values().stream().limit(limit).toList();
  }

  @Override
  public void putReminder(Due due) {
    reminders.add(due);
  }

  @Override
  public void removeReminder(Due due) {
    reminders.remove(due);
  }

  @Override
  public List<Due> due(long nowMillis, int limit) {
    return reminders.stream()
        .filter(due -> due.millis() <= nowMillis)
        .sorted(Comparator.comparingLong(Due::millis))
        .limit(limit)
        .toList();
  }
}
