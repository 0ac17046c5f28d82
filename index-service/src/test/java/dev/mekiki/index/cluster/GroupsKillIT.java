package dev.mekiki.index.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import dev.mekiki.broker.BrokerSettings;
import dev.mekiki.broker.EmbeddedBroker;
import dev.mekiki.hashing.bucket.IdOrder;
import dev.mekiki.hashing.Seeds;
import dev.mekiki.index.World;
import dev.mekiki.index.cluster.Workload.Version;
import dev.mekiki.schemas.v1.Group;
import dev.mekiki.schemas.v1.GroupMember;
import dev.mekiki.schemas.v1.Match;
import dev.mekiki.schemas.v1.MatchKind;
import dev.mekiki.schemas.v1.MatchedImage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/// Index instances that keep groups are killed while they do: groups and retractions are those of
/// brute force over what was sent and what was reported.
@EnabledIfSystemProperty(
    named = "mekiki.tests.long",
    matches = "true",
    disabledReason = "takes minutes; run with -Dmekiki.tests.long=true")
class GroupsKillIT {
  /// More of them with `-Dmekiki.kills=N`.
  private static final int KILLS = Integer.getInteger("mekiki.kills", 3);

  @TempDir private Path directory;

  @Test
  void groupsAndRetractionsAreThoseOfBruteForce() {
    long seed = Seeds.seed(GroupsKillIT.class);
    Random random = new Random(seed);
    World world = World.random(random, 6, 3);
    Workload workload = new Workload(world, seed, 300, 60, 3);
    IndexProcess[] processes = new IndexProcess[2];
    try (EmbeddedBroker broker =
            EmbeddedBroker.start(BrokerSettings.onFreePort(directory.resolve("broker")));
        Cluster cluster = new Cluster(broker.bootstrapServers(), "groups", world)) {
      try {
        for (int number = 0; number < processes.length; number++) {
          processes[number] = start(cluster, number);
        }
        try (GroupLog groups = new GroupLog(cluster)) {
          for (int round = 0; round < KILLS; round++) {
            int reported = cluster.matches().size();
            cluster.write(workload.next(300));
            int wanted = reported + 1 + random.nextInt(60);
            Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> cluster.matches().size() >= wanted);
            int victim = round % processes.length;
            processes[victim].kill();
            cluster.write(workload.next(100));
            processes[victim] = start(cluster, victim);
          }
          cluster.awaitHosts(processes[0].address(), processes[1].address());
          cluster.checkMatches(workload);
          Awaitility.await()
              .atMost(Duration.ofSeconds(90))
              .pollInterval(Duration.ofMillis(200))
              .untilAsserted(() -> {
                assertThat(groups.read()).isEqualTo(expected(workload, cluster.matches()));
                assertThat(ids(cluster.retracted())).isEqualTo(ended(workload, cluster));
              });
          assertThat(cluster.retracted()).hasSameSizeAs(ids(cluster.retracted()));
          System.out.printf(
              "%d groups, %d pairs reported, %d retracted after %d kills%n",
              groups.read().size(), cluster.matches().size(), cluster.retracted().size(), KILLS);
          assertThat(groups.read().size()).isGreaterThan(20);
          assertThat(cluster.retracted().size()).isGreaterThan(100);
        }
      } finally {
        for (IndexProcess process : processes) {
          if (process != null) {
            process.close();
          }
        }
      }
    }
  }

  private IndexProcess start(Cluster cluster, int number) {
    Map<String, String> configuration =
        new HashMap<>(cluster.configuration(directory.resolve(Integer.toString(number))));
    configuration.put("mekiki.groups", "on");
    return IndexProcess.start(configuration);
  }

  private static Set<String> ids(List<Match> matches) {
    Set<String> ids = new TreeSet<>();
    matches.forEach(match -> ids.add(match.getEventId()));
    return ids;
  }

  private static Set<String> ended(Workload workload, Cluster cluster) {
    Set<String> ended = new TreeSet<>();
    for (Match match : cluster.matches()) {
      if (isGone(workload, match.getLater()) || isGone(workload, match.getEarlier())) {
        ended.add(match.getEventId());
      }
    }
    return ended;
  }

  private static boolean isGone(Workload workload, MatchedImage image) {
    Version now = workload.current().get(image.getId());
    return now == null || !now.revision().equals(image.getRevision());
  }

  /// The ids of the members of each group, in their order, by the id of the first.
  private static Map<String, List<String>> expected(Workload workload, List<Match> reported) {
    Comparator<Version> age =
        Comparator.comparingLong(Version::time).thenComparing(Version::id, IdOrder.COMPARATOR);
    Map<String, List<Version>> contents = new TreeMap<>();
    workload.current().values().stream()
        .sorted(age)
        .forEach(version ->
            contents.computeIfAbsent(version.content(), _ -> new ArrayList<>()).add(version));
    Set<Set<String>> matches = new HashSet<>();
    for (Match match : reported) {
      if (match.getKind() == MatchKind.DUPLICATE) {
        matches.add(
            Set.of(
                workload.revision(match.getLater().getRevision()).content(),
                workload.revision(match.getEarlier().getRevision()).content()));
      }
    }
    Map<String, List<Version>> groups = new TreeMap<>();
    List<String> representatives = new ArrayList<>();
    contents.values().stream()
        .sorted(Comparator.comparing(List::getFirst, age))
        .forEach(images -> {
          String content = images.getFirst().content();
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
    Map<String, List<String>> ids = new TreeMap<>();
    groups.values().stream()
        .filter(members -> members.size() > 1)
        .forEach(members ->
            ids.put(members.getFirst().id(), members.stream().map(Version::id).toList()));
    return ids;
  }

  /// The groups on their topic.
  private static final class GroupLog implements AutoCloseable {
    private final KafkaConsumer<String, String> consumer;
    private final Map<String, Group> groups = new HashMap<>();

    GroupLog(Cluster cluster) {
      consumer =
          new KafkaConsumer<>(
              cluster.clients().consumer(), new StringDeserializer(), new StringDeserializer());
      consumer.assign(
          consumer.partitionsFor(cluster.groupsTopic()).stream()
              .map(at -> new TopicPartition(at.topic(), at.partition()))
              .toList());
    }

    /// The ids of the members of each group, by the id of the first.
    Map<String, List<String>> read() {
      for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(5))) {
        @Nullable String json = record.value();
        if (json == null) {
          // Not always the first withdrawal: a partition that reads its own record late withdraws
          // the group again.
          groups.remove(record.key());
        } else {
          groups.put(record.key(), parsed(json));
        }
      }
      Map<String, List<String>> members = new TreeMap<>();
      for (Group group : groups.values()) {
        List<String> ids = group.getMembersList().stream().map(GroupMember::getImageId).toList();
        members.put(ids.getFirst(), ids);
      }
      return members;
    }

    private static Group parsed(String json) {
      Group.Builder group = Group.newBuilder();
      try {
        JsonFormat.parser().merge(json, group);
      } catch (InvalidProtocolBufferException e) {
        throw new AssertionError(json, e);
      }
      return group.build();
    }

    @Override
    public void close() {
      consumer.close();
    }
  }
}
