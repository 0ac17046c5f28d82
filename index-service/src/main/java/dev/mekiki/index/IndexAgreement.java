package dev.mekiki.index;

import dev.mekiki.hashing.match.MatchPolicy;
import dev.mekiki.hashing.match.OriginFilter;
import dev.mekiki.index.topology.IndexNames;
import dev.mekiki.runtime.StartException;
import dev.mekiki.runtime.generation.GenerationRegistry;
import dev.mekiki.runtime.generation.Generations.Beginning;
import dev.mekiki.runtime.kafka.ConsumerGroups;
import dev.mekiki.schemas.text.BoundedText;
import dev.mekiki.schemas.topic.Topics;
import dev.mekiki.schemas.v1.MatchSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the instances of one generation's index agree on before any of them runs. Each pair is
/// reported by one of two partitions, which two instances may process: if these followed different
/// rules, both would report it or none. So the first instance records its settings beside the
/// generation, and one with others refuses to start.
final class IndexAgreement {
  private static final Logger log = LoggerFactory.getLogger(IndexAgreement.class);

  /// A killed instance counts as a member for so long.
  private static final Duration GROUP_LIMIT = Duration.ofSeconds(20);

  private final GenerationRegistry generations;
  private final ConsumerGroups groups;
  private final Topics topics;
  private final String generation;

  IndexAgreement(
      GenerationRegistry generations, ConsumerGroups groups, Topics topics, String generation) {
    this.generations = generations;
    this.groups = groups;
    this.topics = topics;
    this.generation = generation;
  }

  /// What must be the same for all.
  ///
  /// @param policy the thresholds
  /// @param origins which pairs are left out by where their images come from
  /// @param copies whether copies are looked for
  /// @param groups whether groups are kept
  record Rules(MatchPolicy policy, OriginFilter origins, boolean copies, boolean groups) {}

  /// What is agreed.
  ///
  /// @param names that the run goes by
  /// @param settings as recorded
  record Agreed(IndexNames names, MatchSettings settings) {}

  /// Agrees with the other instances, or refuses.
  ///
  /// @throws StartException where the settings differ from those agreed on, or are to be changed
  ///   while an instance runs
  Agreed agree(Rules rules, boolean change, boolean reindex) {
    MatchSettings agreed =
        generations.agree(
            generation,
            (recorded, beginning) -> decide(recorded, beginning, rules, change, reindex));
    return new Agreed(names(agreed.getRun()), agreed);
  }

  private MatchSettings decide(
      @Nullable MatchSettings recorded,
      Beginning beginning,
      Rules rules,
      boolean change,
      boolean reindex) {
    if (recorded == null) {
      checkPrepared(rules, beginning.prepared());
      return record(rules, 0)
          .setEventsNoted(true)
          .setCopiesNoted(true)
          .setCutsBefore(beginning.cutsBefore())
          .setPrepared(beginning.prepared())
          .build();
    }
    checkPrepared(rules, recorded.getPrepared());
    MatchSettings mine =
        record(rules, recorded.getRun())
            .setEventsNoted(recorded.getEventsNoted())
            .setCopiesNoted(recorded.getCopiesNoted())
            .setCutsBefore(recorded.getCutsBefore())
            .setPrepared(recorded.getPrepared())
            .build();
    if (reindex) {
      checkNoneRuns(recorded, "mekiki.index.reindex");
      MatchSettings next =
          mine.toBuilder()
              .setRun(recorded.getRun() + 1)
              .setEventsNoted(true)
              .setCopiesNoted(true)
              .build();
      log.warn("The index is begun anew generation={} run={}", generation, next.getRun());
      return next;
    }
    List<String> differences = differences(recorded, mine);
    if (differences.isEmpty()) {
      return recorded;
    }
    checkGroups(recorded, mine);
    if (!change) {
      throw new StartException(
          ("match settings differ from those that the index instances of generation %s have agreed"
                  + " on: %s (expected: the same settings for all; to change them, stop all index"
                  + " instances and start one with --change-match-settings, the others with the new"
                  + " settings; they apply to images that arrive from then on)")
              .formatted(generation, String.join("; ", differences)));
    }
    checkNoneRuns(recorded, "mekiki.match.change");
    log.warn("Match settings are changed generation={} changes={}", generation, differences);
    return mine;
  }

  /// Which pairs of other generations have ended, nobody would say.
  private void checkPrepared(Rules rules, boolean prepared) {
    if (prepared && rules.groups()) {
      throw new StartException(
          ("generation %s was prepared beside another one, and mekiki.groups is on (expected: off; with"
                  + " groups, change the generation by --reindex)")
              .formatted(generation));
    }
  }

  /// Groups are of all images that were placed while they are kept, by contents that are all
  /// distinguished in one way.
  private static void checkGroups(MatchSettings recorded, MatchSettings mine) {
    if (!mine.getGroups()) {
      return;
    }
    if (!recorded.getGroups()) {
      throw new StartException(
          "mekiki.groups: on, while the index of this generation was made without groups (expected:"
              + " off; or begin it anew by starting one instance with --reindex, so that groups"
              + " know all images)");
    }
    if (recorded.getTenantsShared() != mine.getTenantsShared()) {
      throw new StartException(
          "mekiki.tenants.shared: %s, while groups were kept with it %s (expected: no change; or begin"
                  .formatted(onOff(mine.getTenantsShared()), onOff(recorded.getTenantsShared()))
              + " the index anew by starting one instance with --reindex)");
    }
  }

  private void checkNoneRuns(MatchSettings recorded, String key) {
    String group = names(recorded.getRun()).applicationId();
    if (!groups.awaitEmpty(group, GROUP_LIMIT)) {
      throw new StartException(
          ("%s: true, while instances of consumer group %s run (expected: no other index instance;"
                  + " stop all, start one with it, then the others without it)")
              .formatted(key, group));
    }
  }

  private IndexNames names(int run) {
    return new IndexNames(topics, generation, run);
  }

  private MatchSettings.Builder record(Rules rules, int run) {
    MatchPolicy policy = rules.policy();
    MatchSettings.Builder settings =
        MatchSettings.newBuilder()
            .setGeneration(generation)
            .setReach(policy.reach().name().toLowerCase(Locale.ROOT))
            .setRadius(policy.radius())
            .setFingerprintRadius(policy.fingerprintRadius())
            .setCopies(rules.copies())
            .setTenantsShared(rules.origins().tenantsShared())
            .setLeaveOutSameSource(!rules.origins().sameSource())
            .setGroups(rules.groups())
            .setTopology(Topics.TOPOLOGY)
            .setRun(run);
    Integer near = policy.nearRadius();
    if (near != null) {
      settings.setNearRadius(near);
    }
    return settings;
  }

  private static List<String> differences(MatchSettings recorded, MatchSettings mine) {
    List<String> differences = new ArrayList<>();
    compare(differences, "mekiki.match.reach", recorded.getReach(), mine.getReach());
    compare(differences, "mekiki.match.radius", recorded.getRadius(), mine.getRadius());
    compare(
        differences,
        "mekiki.match.fingerprint-radius",
        recorded.getFingerprintRadius(),
        mine.getFingerprintRadius());
    compare(differences, "mekiki.match.near-radius", near(recorded), near(mine));
    compare(
        differences, "mekiki.match.copies", onOff(recorded.getCopies()), onOff(mine.getCopies()));
    compare(
        differences,
        "mekiki.tenants.shared",
        onOff(recorded.getTenantsShared()),
        onOff(mine.getTenantsShared()));
    compare(
        differences,
        "mekiki.match.same-source",
        onOff(!recorded.getLeaveOutSameSource()),
        onOff(!mine.getLeaveOutSameSource()));
    compare(differences, "mekiki.groups", onOff(recorded.getGroups()), onOff(mine.getGroups()));
    compare(differences, "the version of the topology", recorded.getTopology(), mine.getTopology());
    return differences;
  }

  private static Object onOff(boolean isOn) {
    return isOn ? "on" : "off";
  }

  private static Object near(MatchSettings settings) {
    return settings.hasNearRadius() ? settings.getNearRadius() : "off";
  }

  private static void compare(List<String> differences, String what, Object recorded, Object mine) {
    if (!recorded.equals(mine)) {
      differences.add(
          "%s is %s here and %s there"
              .formatted(what, mine, BoundedText.message(recorded.toString())));
    }
  }
}
