package dev.mekiki.reliability.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.hashing.match.Sha256;
import dev.mekiki.reliability.topics.GroupLog;
import dev.mekiki.reliability.topics.MatchLog;
import dev.mekiki.reliability.topics.MatchLog.Event;
import dev.mekiki.reliability.topics.Place;
import dev.mekiki.reliability.topics.Records;
import dev.mekiki.runtime.policy.VerdictId;
import dev.mekiki.schemas.v1.Group;
import dev.mekiki.schemas.v1.GroupMember;
import dev.mekiki.schemas.v1.MatchKind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Each fault that the check is there for is found, and right groups are right. A house and what
/// looks like it match, and so do that and a barn; a barn and the house do not.
class GroupCheckTest {
  private final Records records = new Records();
  private final Place house = records.encoded("a", "house", 0);
  private final Place nearHouse = records.encoded("b", "near house", 1);
  private final Place barn = records.encoded("c", "barn", 3);
  private final List<Event> events =
      List.of(event("1", nearHouse, house), event("2", barn, nearHouse));

  @Test
  void aCopyOfACopyIsInNoGroupOfTheFirst() {
    assertThat(wrong(group("house", "a", "b"))).isEmpty();
    assertThat(wrong(group("house", "a", "b", "c")))
        .singleElement()
        .asString()
        .startsWith("group is another: ");
  }

  @Test
  void imagesOfTheSameBytesAreTogether() {
    records.encoded("d", "house", 0);

    assertThat(wrong(group("house", "a", "d", "b"))).isEmpty();
    assertThat(wrong(group("house", "a", "b", "d")))
        .singleElement()
        .asString()
        .startsWith("group is another: ");
  }

  @Test
  void aGroupIsMissingOrOfNothing() {
    assertThat(wrong(Map.of())).singleElement().asString().startsWith("group missing: ");
    assertThat(wrong(groups(group("house", "a", "b"), group("barn", "c"))))
        .singleElement()
        .asString()
        .startsWith("group of nothing: ");
  }

  @Test
  void dismissedPairsDoNotJoin() {
    String pair =
        new VerdictId(
                "",
                Sha256.fromHex(Records.hash("house")),
                Sha256.fromHex(Records.hash("near house")))
            .toString();
    Map<String, Group> groups = group("near house", "b", "c");

    assertThat(wrong(groups, Set.of(pair), List.of())).isEmpty();
    assertThat(wrong(groups, Set.of(), List.of())).hasSize(2);
  }

  @Test
  void anEventOfAnImageThatIsGoneIsRetractedOnce() {
    records.image("c", null);
    Map<String, Group> groups = group("house", "a", "b");
    Event second = event("2", barn, nearHouse);

    assertThat(wrong(groups, Set.of(), List.of(second))).isEmpty();
    assertThat(wrong(groups, Set.of(), List.of())).containsExactly("not retracted: 2");
    assertThat(wrong(groups, Set.of(), List.of(second, second)))
        .singleElement()
        .asString()
        .startsWith("retracted twice: 2");
    assertThat(wrong(groups, Set.of(), List.of(second, event("1", nearHouse, house))))
        .singleElement()
        .asString()
        .startsWith("retracted although both are there: 1");
  }

  private List<String> wrong(Map<String, Group> groups) {
    return wrong(groups, Set.of(), List.of());
  }

  private List<String> wrong(
      Map<String, Group> groups, Set<String> dismissed, List<Event> retractions) {
    Findings findings = new Findings();
    new GroupCheck(records.history())
        .check(new MatchLog(events, retractions), new GroupLog(groups, dismissed), findings);
    return findings.lines();
  }

  private static Map<String, Group> groups(Map<String, Group> one, Map<String, Group> other) {
    Map<String, Group> both = new HashMap<>(one);
    both.putAll(other);
    return both;
  }

  private static Map<String, Group> group(String picture, String... members) {
    Group.Builder group = Group.newBuilder().setSize(members.length);
    for (String member : members) {
      group.addMembers(GroupMember.newBuilder().setImageId(member));
    }
    return Map.of(Records.hash(picture), group.build());
  }

  private static Event event(String id, Place later, Place earlier) {
    return Events.at(Long.parseLong(id), id, later, earlier, MatchKind.DUPLICATE);
  }
}
