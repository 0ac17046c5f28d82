package dev.mekiki.reliability.oracle;

import dev.mekiki.hashing.bucket.IdOrder;
import dev.mekiki.reliability.topics.GroupLog;
import dev.mekiki.reliability.topics.History;
import dev.mekiki.reliability.topics.MatchLog;
import dev.mekiki.reliability.topics.MatchLog.Event;
import dev.mekiki.reliability.topics.Place;
import dev.mekiki.reliability.topics.Revision;
import dev.mekiki.schemas.image.GroupId;
import dev.mekiki.schemas.v1.Group;
import dev.mekiki.schemas.v1.GroupMember;
import dev.mekiki.schemas.v1.Match;
import dev.mekiki.schemas.v1.MatchKind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Compares the groups with those of brute force, and retractions with the images that are gone.
final class GroupCheck {
  private static final Comparator<Revision> AGE =
      Comparator.comparingLong(Revision::time).thenComparing(Revision::id, IdOrder.COMPARATOR);

  private final History history;

  GroupCheck(History history) {
    this.history = history;
  }

  void check(MatchLog log, GroupLog groups, Findings findings) {
    checkGroups(expected(log.events(), groups.dismissed()), groups.groups(), findings);
    checkRetractions(log, findings);
  }

  private static void checkGroups(
      Map<String, List<String>> expected, Map<String, Group> groups, Findings findings) {
    expected.forEach((id, members) -> {
      Group group = groups.get(id);
      if (group == null) {
        findings.wrong("group missing", "%s of %s".formatted(id, members));
        return;
      }
      List<String> named = group.getMembersList().stream().map(GroupMember::getImageId).toList();
      if (!named.equals(members) || group.getSize() != members.size()) {
        findings.wrong(
            "group is another",
            "%s of %d: %s (expected: %s)".formatted(id, group.getSize(), named, members));
      }
    });
    groups.forEach((id, group) -> {
      if (!expected.containsKey(id)) {
        findings.wrong("group of nothing", "%s of %d images".formatted(id, group.getSize()));
      }
    });
    findings.count("groups", expected.size());
    findings.count("images in groups", expected.values().stream().mapToLong(List::size).sum());
  }

  private void checkRetractions(MatchLog log, Findings findings) {
    Set<String> ended = new HashSet<>();
    for (Event event : log.events()) {
      if (isGone(later(event.match())) || isGone(earlier(event.match()))) {
        ended.add(event.match().getEventId());
      }
    }
    Set<String> retracted = new HashSet<>();
    for (Event retraction : log.retractions()) {
      String eventId = retraction.match().getEventId();
      if (!retracted.add(eventId)) {
        findings.wrong("retracted twice", "%s, %s of matches".formatted(eventId, retraction.at()));
      }
      if (!ended.contains(eventId)) {
        findings.wrong(
            "retracted although both are there",
            "%s, %s of matches".formatted(eventId, retraction.at()));
      }
    }
    for (String eventId : ended) {
      if (!retracted.contains(eventId)) {
        findings.wrong("not retracted", eventId);
      }
    }
    findings.count("retractions", log.retractions().size());
  }

  private static boolean isGone(@Nullable Revision revision) {
    return revision == null || revision.end() != null;
  }

  private @Nullable Revision later(Match match) {
    return history.revisions().get(Place.of(match.getLater().getRevision()));
  }

  private @Nullable Revision earlier(Match match) {
    return history.revisions().get(Place.of(match.getEarlier().getRevision()));
  }

  /// The ids of the members of each group, in their order, by its id.
  private Map<String, List<String>> expected(List<Event> events, Set<String> dismissed) {
    Set<Set<String>> matches = matches(events, dismissed);
    Map<String, List<Revision>> contents = new LinkedHashMap<>();
    history.present().values().stream()
        .sorted(AGE)
        .forEach(
            image -> contents.computeIfAbsent(content(image), _ -> new ArrayList<>()).add(image));
    Map<String, List<Revision>> groups = new TreeMap<>();
    List<String> representatives = new ArrayList<>();
    // They are in the order of their oldest images.
    contents.forEach((content, images) -> {
      String joined =
          representatives.stream()
              .filter(older -> matches.contains(Set.of(older, content)))
              .findFirst()
              .orElse(content);
      if (joined.equals(content)) {
        representatives.add(content);
      }
      groups.computeIfAbsent(joined, _ -> new ArrayList<>()).addAll(images);
    });
    Map<String, List<String>> ids = new HashMap<>();
    groups.forEach((id, members) -> {
      if (members.size() > 1) {
        ids.put(id, members.stream().map(Revision::id).toList());
      }
    });
    return ids;
  }

  /// Pairs of contents that an event has reported and nobody dismisses.
  private Set<Set<String>> matches(List<Event> events, Set<String> dismissed) {
    Set<Set<String>> matches = new HashSet<>();
    for (Event event : events) {
      Revision later = later(event.match());
      Revision earlier = earlier(event.match());
      if (event.match().getKind() != MatchKind.DUPLICATE || later == null || earlier == null) {
        continue;
      }
      String pair = Verdicts.pair(later, earlier);
      if (pair != null && !dismissed.contains(pair)) {
        matches.add(Set.of(content(later), content(earlier)));
      }
    }
    return matches;
  }

  private static String content(Revision image) {
    return GroupId.of(image.tenant(), image.sha256());
  }
}
