package dev.mekiki.index.topology;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.util.Timestamps;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.Seeds;
import dev.mekiki.index.World;
import dev.mekiki.index.groups.GroupSettings;
import dev.mekiki.schemas.v1.Group;
import dev.mekiki.schemas.v1.GroupContent;
import dev.mekiki.schemas.v1.GroupMember;
import dev.mekiki.schemas.v1.GroupMessage;
import dev.mekiki.schemas.v1.GroupMessages;
import dev.mekiki.schemas.v1.ImageCode;
import dev.mekiki.schemas.v1.Match;
import dev.mekiki.schemas.v1.MatchKind;
import dev.mekiki.schemas.v1.MatchedImage;
import dev.mekiki.schemas.v1.PlacedMember;
import dev.mekiki.schemas.v1.Retraction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Groups and retractions from codes to records, in the test driver.
class GroupsTopologyTest {
  private static final HashCode PRINT = World.fingerprint(new Random(3));

  @TempDir private Path directory;

  @Test
  void imagesOfTheSameBytesAreAGroupUntilOneIsLeft() {
    try (GroupsDriver driver = new GroupsDriver(directory, false)) {
      driver.put("a", PRINT, "bytes", 1);
      assertThat(driver.groups()).isEmpty();
      driver.put("b", PRINT, "bytes", 2);
      driver.put("c", PRINT, "bytes", 3);

      Group group = driver.groups().values().iterator().next();
      assertThat(group.getKind()).isEqualTo(MatchKind.EXACT);
      assertThat(group.getSize()).isEqualTo(3);
      assertThat(group.getContents()).isEqualTo(1);
      assertThat(ids(group)).containsExactly("a", "b", "c");
      assertThat(group.getRepresentative()).isEqualTo(group.getMembers(0));
      assertThat(group.getId()).isEqualTo(group.getRepresentative().getSha256());
      assertThat(group.getMembers(1).getImageTime()).isEqualTo(Timestamps.fromMillis(1_000_002));
      assertThat(group.getTruncated()).isFalse();
      assertThat(group.getCapped()).isFalse();

      driver.delete("a");
      assertThat(ids(driver.group(group.getId()))).containsExactly("b", "c");
      driver.delete("c");
      assertThat(driver.groups()).isEmpty();
    }
  }

  @Test
  void aCopyOfACopyIsNoMemberUnlessItMatchesTheRepresentative() {
    try (GroupsDriver driver = new GroupsDriver(directory, false)) {
      driver.put("a", PRINT, "A", 1);
      driver.put("b", World.at(PRINT, 20), "B", 2);
      // 40 bits from the first, 20 from the second.
      driver.put("c", World.at(PRINT, 40), "C", 3);

      Group group = driver.groups().values().iterator().next();
      assertThat(driver.groups()).hasSize(1);
      assertThat(group.getKind()).isEqualTo(MatchKind.DUPLICATE);
      assertThat(ids(group)).containsExactly("a", "b");

      // Now the second represents the third.
      driver.delete("a");
      assertThat(driver.groups().values())
          .singleElement()
          .satisfies(left -> assertThat(ids(left)).containsExactly("b", "c"));
    }
  }

  @Test
  void aPairIsRetractedOnceWhenAnImageGoes() {
    try (GroupsDriver driver = new GroupsDriver(directory, false)) {
      driver.put("a", PRINT, "A", 1);
      driver.put("b", World.at(PRINT, 3), "B", 2);
      driver.put("c", PRINT, "A", 3);
      List<Match> reported = List.copyOf(driver.reported());
      assertThat(reported).hasSize(3);
      assertThat(driver.retracted()).isEmpty();

      driver.put("b", World.fingerprint(new Random(9)), "other", 4);
      assertThat(driver.retracted()).hasSize(2);
      for (Match retracted : driver.retracted()) {
        Match before =
            reported.stream()
                .filter(match -> match.getEventId().equals(retracted.getEventId()))
                .findAny()
                .orElseThrow();
        assertThat(retracted.getKind()).isEqualTo(before.getKind());
        assertThat(retracted.getLater().getRevision()).isEqualTo(before.getLater().getRevision());
        assertThat(retracted.getEarlier().getSha256()).isEqualTo(before.getEarlier().getSha256());
        assertThat(retracted.getRetraction().getImageId()).isEqualTo("b");
        assertThat(retracted.getRetraction().getReason()).isEqualTo(Retraction.Reason.REPLACED);
      }

      driver.delete("a");
      assertThat(driver.retracted()).hasSize(3);
      Match last = driver.retracted().getLast();
      assertThat(last.getKind()).isEqualTo(MatchKind.EXACT);
      assertThat(last.getRetraction().getImageId()).isEqualTo("a");
      assertThat(last.getRetraction().getReason()).isEqualTo(Retraction.Reason.DELETED);
      driver.delete("c");
      driver.delete("b");
      assertThat(driver.retracted()).hasSize(3);
    }
  }

  @Test
  void groupsAndRetractionsAreThoseOfBruteForce() {
    long seed = Seeds.seed(GroupsTopologyTest.class);
    for (int world = 0; world < 8; world++) {
      Random random = Seeds.random(seed, world);
      try (GroupsDriver driver =
          new GroupsDriver(directory.resolve("world" + world), random.nextBoolean())) {
        Pictures pictures = new Pictures(random);
        for (int step = 0; step < 120; step++) {
          pictures.change(driver);
          if (random.nextInt(10) == 0) {
            assertThat(members(driver.groups())).as("step %d", step).isEqualTo(pictures.groups());
          }
        }
        assertThat(members(driver.groups())).isEqualTo(pictures.groups());
        assertThat(driver.groups().values()).noneMatch(Group::getTruncated);
        Set<String> ended = new TreeSet<>();
        driver.reported().stream()
            .filter(match -> !pictures.stands(match))
            .forEach(match -> ended.add(match.getEventId()));
        assertThat(driver.retracted())
            .extracting(Match::getEventId)
            .containsExactlyInAnyOrderElementsOf(ended);
        assertThat(ended).isNotEmpty();
        assertThat(driver.leftOut("matches") + driver.leftOut("group-messages")).isZero();
      }
    }
  }

  @Test
  void aDismissedPairIsNoGroupUntilThatIsWithdrawn() {
    try (GroupsDriver driver = new GroupsDriver(directory, false)) {
      driver.put("a", PRINT, "A", 1);
      driver.put("b", World.at(PRINT, 10), "B", 2);
      Group group = driver.groups().values().iterator().next();
      String a = group.getMembers(0).getSha256();
      String b = group.getMembers(1).getSha256();

      driver.judge(a, b, true);
      assertThat(driver.groups()).isEmpty();
      // A new image of a judged content is judged; one of another content is not.
      driver.put("b2", World.at(PRINT, 10), "B", 3);
      driver.put("c", World.at(PRINT, 5), "C", 4);
      assertThat(members(driver.groups()))
          .isEqualTo(Map.of("a", List.of("a", "c"), "b", List.of("b", "b2")));

      driver.judge(b, a, false);
      assertThat(members(driver.groups())).isEqualTo(Map.of("a", List.of("a", "b", "b2", "c")));

      // As after a start, when nobody says what has changed meanwhile.
      driver.judgeUnnoticed(a, b);
      assertThat(members(driver.groups()))
          .isEqualTo(Map.of("a", List.of("a", "c"), "b", List.of("b", "b2")));
    }
  }

  @Test
  void tenantsHaveGroupsOfTheirOwn() {
    try (GroupsDriver driver = new GroupsDriver(directory, false)) {
      for (String tenant : List.of("", "t/1", "50%")) {
        driver.put(tenant + "-a", image("bytes", 1).setTenant(tenant).build());
        driver.put(tenant + "-b", image("bytes", 2).setTenant(tenant).build());
      }
      assertThat(driver.groups()).hasSize(3);
      String hash = driver.groups().values().iterator().next().getRepresentative().getSha256();
      assertThat(driver.groups()).containsOnlyKeys(hash, "t%2F1/" + hash, "50%25/" + hash);
      assertThat(ids(driver.group("t%2F1/" + hash))).containsExactly("t/1-a", "t/1-b");
      assertThat(driver.group("t%2F1/" + hash).getTenant()).isEqualTo("t/1");
    }
  }

  @Test
  void sharedTenantsAreInOneGroup() {
    try (GroupsDriver driver = new GroupsDriver(directory, true)) {
      driver.put("a", image("bytes", 1).setTenant("x").build());
      driver.put("b", image("bytes", 2).setTenant("y").build());
      assertThat(driver.groups().values())
          .singleElement()
          .satisfies(group -> {
            assertThat(ids(group)).containsExactly("a", "b");
            assertThat(group.getTenant()).isEmpty();
          });
    }
  }

  @Test
  void aLargeGroupIsTruncatedAndCappedAndSaysSo() {
    try (GroupsDriver driver =
        new GroupsDriver(directory, new GroupSettings(1, false, 150, 120), 10)) {
      for (int image = 0; image < 110; image++) {
        driver.put("a%03d".formatted(image), PRINT, "A", image);
      }
      driver.put("b", World.at(PRINT, 1), "B", 500);
      Group small = driver.groups().values().iterator().next();
      assertThat(small.getSize()).isEqualTo(111);
      assertThat(small.getTruncated()).isFalse();
      assertThat(small.getMembersCount()).isEqualTo(111);
      int records = driver.records;

      for (int image = 0; image < 100; image++) {
        driver.put("c%03d".formatted(image), World.at(PRINT, 2), "C", 1000 + image);
      }
      Group group = driver.groups().values().iterator().next();
      assertThat(driver.groups()).hasSize(1);
      assertThat(group.getSize()).isEqualTo(150);
      assertThat(group.getCapped()).isTrue();
      assertThat(group.getContents()).isEqualTo(3);
      assertThat(group.getTruncated()).isTrue();
      assertThat(group.getMembersCount()).isEqualTo(120);
      assertThat(ids(group).subList(109, 112)).containsExactly("a109", "b", "c000");
      // Not one for each image.
      assertThat(driver.records).isEqualTo(records + 1);
    }
  }

  @Test
  void recordsThatAnEarlierIndexHasLeftAreWithdrawn() {
    try (GroupsDriver driver = new GroupsDriver(directory, false)) {
      driver.put("a", PRINT, "A", 1);
      driver.put("b", PRINT, "A", 2);
      String live = driver.groups().keySet().iterator().next();
      String left = "x/" + "0".repeat(64);
      driver.leaveGroup(left);
      driver.leaveGroup(live);
      assertThat(driver.groups()).containsOnlyKeys(live);
      assertThat(driver.withdrawn(left)).isTrue();
      driver.delete("b");
      assertThat(driver.groups()).isEmpty();
    }
  }

  @Test
  void eventsThatReportNoPairAreLeftAlone() {
    try (GroupsDriver driver = new GroupsDriver(directory, false)) {
      driver.put("a", PRINT, "A", 1);
      driver.put("b", PRINT, "A", 2);
      double pairs = driver.count("pairs");
      driver.writeEvent("dev.mekiki.match.of-a-later-version", new byte[] {1, 2});
      driver.writeEvent(
          "dev.mekiki.match.exact",
          "{\"generation\": \"another\"}".getBytes(StandardCharsets.UTF_8));
      assertThat(driver.leftOut("matches")).isZero();
      assertThat(driver.count("pairs")).isEqualTo(pairs);
    }
  }

  @Test
  void defectiveRecordsAreLeftOutAndCounted() {
    try (GroupsDriver driver = new GroupsDriver(directory, false)) {
      driver.writeEvent("dev.mekiki.match.exact", new byte[] {1, 2});
      driver.writeEvent(
          "dev.mekiki.match.exact",
          "{\"generation\": \"%s\", \"eventId\": \"e\"}"
              .formatted("fedcba9876543210fedcba9876543210")
              .getBytes(StandardCharsets.UTF_8));
      assertThat(driver.leftOut("matches")).isEqualTo(2);
      driver.write(driver.messagesTopic(), new byte[] {1, 2});
      driver.write(driver.messagesTopic(), null);
      driver.write(
          driver.messagesTopic(),
          GroupMessages.newBuilder().addMessagesBuilder().setLeave(true).build().toByteArray());
      driver.write(
          driver.messagesTopic(),
          GroupMessages.newBuilder()
              .addMessages(
                  GroupMessage.newBuilder()
                      .setTo(GroupContent.newBuilder().setSha256(ByteString.copyFrom(new byte[32])))
                      .setPlaced(PlacedMember.newBuilder().setId("")))
              .build()
              .toByteArray());
      assertThat(driver.leftOut("group-messages")).isGreaterThanOrEqualTo(3);

      driver.put("a", PRINT, "A", 1);
      driver.put("b", PRINT, "A", 2);
      assertThat(driver.groups()).hasSize(1);
    }
  }

  private static ImageCode.Builder image(String content, long offset) {
    return World.image(GroupsDriver.CODE, PRINT, content, offset);
  }

  private static List<String> ids(Group group) {
    return group.getMembersList().stream().map(GroupMember::getImageId).toList();
  }

  private static Map<String, List<String>> members(Map<String, Group> groups) {
    Map<String, List<String>> members = new TreeMap<>();
    groups.values().forEach(group -> members.put(ids(group).getFirst(), ids(group)));
    return members;
  }

  /// Random pictures, some of which are copies of others, and what their groups are by brute force.
  private static final class Pictures {
    private final Random random;
    private final List<HashCode> prints = new ArrayList<>();
    private final Map<String, Image> present = new HashMap<>();
    private long offset;

    private record Image(String id, int content, long offset) {
      /// As the image is sent: several may have one time.
      long time() {
        return offset / 4;
      }
    }

    Pictures(Random random) {
      this.random = random;
      for (int picture = 0; picture < 3; picture++) {
        HashCode print = World.fingerprint(random);
        // A chain: each is near some of the others.
        for (int step = 0; step < 4; step++) {
          prints.add(World.at(print, step * (4 + random.nextInt(14))));
        }
      }
    }

    void change(GroupsDriver driver) {
      String id = "i" + random.nextInt(20);
      if (present.containsKey(id) && random.nextInt(3) == 0) {
        present.remove(id);
        driver.delete(id);
        return;
      }
      Image image = new Image(id, random.nextInt(prints.size()), offset++);
      Image before = present.get(id);
      if (before != null && before.content() == image.content()) {
        return;
      }
      present.put(id, image);
      driver.put(
          id,
          World.image(
                  GroupsDriver.CODE,
                  prints.get(image.content()),
                  "content " + image.content(),
                  image.offset())
              .setImageTime(Timestamps.fromMillis(1_000_000 + image.time()))
              .build());
    }

    boolean stands(Match match) {
      return stands(match.getLater()) && stands(match.getEarlier());
    }

    private boolean stands(MatchedImage image) {
      Image now = present.get(image.getId());
      return now != null && now.offset() == image.getRevision().getOffset();
    }

    /// The ids of each group by its first.
    Map<String, List<String>> groups() {
      Comparator<Image> age = Comparator.comparingLong(Image::time).thenComparing(Image::id);
      Map<Integer, List<Image>> contents = new TreeMap<>();
      present.values().stream()
          .sorted(age)
          .forEach(image ->
              contents.computeIfAbsent(image.content(), _ -> new ArrayList<>()).add(image));
      List<Integer> byAge =
          contents.keySet().stream()
              .sorted(
                  Comparator.comparing(
                      (Integer one) -> contents.getOrDefault(one, List.of()).getFirst(), age))
              .toList();
      Map<Integer, List<Image>> groups = new TreeMap<>();
      List<Integer> representatives = new ArrayList<>();
      for (int content : byAge) {
        int joined =
            representatives.stream()
                .filter(older -> prints.get(older).distance(prints.get(content)) <= 31)
                .findFirst()
                .orElse(content);
        if (joined == content) {
          representatives.add(content);
        }
        groups.computeIfAbsent(joined, _ -> new ArrayList<>()).addAll(contents.get(content));
      }
      Map<String, List<String>> ids = new TreeMap<>();
      groups.values().stream()
          .filter(members -> members.size() > 1)
          .forEach(members ->
              ids.put(members.getFirst().id(), members.stream().map(Image::id).toList()));
      return ids;
    }
  }
}
