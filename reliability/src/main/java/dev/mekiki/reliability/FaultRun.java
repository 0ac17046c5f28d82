package dev.mekiki.reliability;

import dev.mekiki.launcher.client.MekikiClient;
import dev.mekiki.reliability.cluster.Cluster;
import dev.mekiki.reliability.cluster.Directories;
import dev.mekiki.reliability.cluster.Node;
import dev.mekiki.reliability.cluster.Role;
import dev.mekiki.reliability.decision.Decisions;
import dev.mekiki.reliability.fault.Evidence;
import dev.mekiki.reliability.fault.Fault;
import dev.mekiki.reliability.fault.FaultSchedule;
import dev.mekiki.reliability.fault.Faults;
import dev.mekiki.reliability.fault.Happened;
import dev.mekiki.reliability.load.Load;
import dev.mekiki.reliability.load.Operation;
import dev.mekiki.reliability.load.Pictures;
import dev.mekiki.reliability.load.Schedule;
import dev.mekiki.reliability.memory.Growth;
import dev.mekiki.reliability.memory.MemoryTable;
import dev.mekiki.reliability.memory.MemoryWatch;
import dev.mekiki.reliability.oracle.Oracle;
import dev.mekiki.reliability.report.JournalFile;
import dev.mekiki.reliability.report.Summary;
import dev.mekiki.reliability.report.Timeline;
import dev.mekiki.reliability.topics.TopicNames;
import dev.mekiki.reliability.topics.Watermark;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;

/// One run: a cluster is started, loaded and hit by faults; then everything is healed, and what it
/// has done is judged when nothing waits any more.
public final class FaultRun {
  private static final int SCENES = 60;
  private static final int BEGINNING = 80;
  private static final int AFTERLIFE = 12;

  /// One fault of so many may find its process down, by what an earlier one did.
  private static final int MAX_IDLE = 10;

  /// Of resident memory after the warm-up, where there are no faults.
  private static final double MAX_GROWTH = 0.05;

  private static final Duration START_LIMIT = Duration.ofMinutes(10);
  private static final Duration REST_LIMIT = Duration.ofMinutes(10);

  private final Settings settings;
  private final PrintStream out;
  private final Summary summary = new Summary();

  /// @param out where to print what happens
  public FaultRun(Settings settings, PrintStream out) {
    this.settings = settings;
    this.out = out;
  }

  /// Carries it out.
  ///
  /// @throws IOException where the cluster cannot be run at all
  public Result run() throws IOException, InterruptedException {
    say("seed %d, %d s of load".formatted(settings.seed(), settings.load().toSeconds()));
    Pictures pictures = Pictures.drawn(SCENES, settings.seed());
    Instant begin = Instant.now();
    Result result;
    try (Cluster cluster = new Cluster(settings.directory(), settings.wanted().means())) {
      cluster.start(START_LIMIT);
      summary.measured("every process ready after its first start", since(begin));
      boolean isKept = true;
      try {
        result = run(cluster, pictures);
        isKept = isKept(result);
      } finally {
        if (isKept) {
          cluster.keepDisks();
        }
      }
    }
    clean(result);
    return result;
  }

  private Result run(Cluster cluster, Pictures pictures) throws IOException, InterruptedException {
    TopicNames names = TopicNames.of(cluster.bootstrapServers());
    List<String> queries = cluster.nodes(Role.QUERY).stream().map(Node::address).toList();
    Schedule schedule = new Schedule(settings.seed(), pictures);
    try (MemoryWatch memory = new MemoryWatch(settings.soak() ? cluster.nodes() : List.of());
        Load load = new Load(pictures, queries, cluster.bootstrapServers());
        Watch watch = new Watch(cluster.bootstrapServers(), names);
        Decisions decisions =
            new Decisions(
                settings.seed(),
                pictures,
                Schedule.tenants(),
                cluster.nodes(Role.INDEX).stream().map(Node::address).toList(),
                cluster.bootstrapServers())) {
      load.run(schedule.beginning(BEGINNING));
      rest(watch, "first images processed");

      Instant from = Instant.now();
      Faults faults =
          new Faults(cluster, settings.directory().resolve("copies"), settings.seed(), names);
      withFaults(load, faults, schedule.steady(settings.perSecond()));
      List<String> wrong = new ArrayList<>(grown(memory, from, Instant.now()));
      Instant healed = Instant.now();
      cluster.heal();
      cluster.awaitReady(cluster.nodes(), healed.plus(START_LIMIT));
      summary.measured("every process ready after the last fault", since(healed));
      rest(watch, "nothing waits after the last fault");
      decisions.stop();
      Instant ended = Instant.now();

      afterlife(cluster, load, watch, pictures);
      groupsRest(watch);
      Instant to = Instant.now();
      JournalFile.write(settings.directory().resolve("journal.tsv"), load.journal());
      Oracle oracle = new Oracle(cluster.bootstrapServers(), names);
      oracle.judge(load.journal(), watch.watermarks(), decisions.all());
      judgeIndex(cluster, oracle);

      wrong.addAll(oracle.findings().lines());
      if (!settings.soak()) {
        wrong.addAll(withoutEffect(cluster, faults.happened(), from, to));
      }
      Files.writeString(
          settings.directory().resolve("timeline.svg"),
          Timeline.svg(
              "Seed %d".formatted(settings.seed()),
              from,
              to,
              faults.happened(),
              load.journal(),
              watch.lags()));
      summary.counted(oracle.findings().counts());
      summary.ended(cluster.ended());
      summary.faults(faults.happened(), load.journal(), watch.watermarks(), watch.lags(), ended);
      summary.searches(load.journal(), from, to);
      String report = summary.text(settings.seed(), wrong);
      Files.writeString(settings.directory().resolve("report.md"), report);
      return new Result(wrong, report);
    }
  }

  /// Load and faults at the same time; returns when the faults are over, the load has lasted as
  /// long as was asked for, and the outcome of each operation is known.
  private void withFaults(Load load, Faults faults, Iterator<Operation> operations)
      throws InterruptedException {
    Thread loading =
        Thread.ofPlatform()
            .name("load")
            .start(() -> {
              try {
                load.run(operations);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    List<Fault> planned = new ArrayList<>();
    if (!settings.soak()) {
      planned.addAll(FaultSchedule.of(settings.seed(), settings.load(), settings.wanted()));
    }
    if (settings.rollingRestart()) {
      planned.add(
          new Fault(
              planned.size() + 1,
              Duration.ZERO,
              List.of(
                  new Fault.Part(Fault.Kind.ROLLING_RESTART, List.of(), Duration.ofSeconds(1)))));
    }
    Instant end = Instant.now().plus(settings.load());
    faults.run(planned, this::print);
    Duration left = Duration.between(Instant.now(), end);
    if (left.isPositive()) {
      Thread.sleep(left);
    }
    load.stop();
    loading.join();
  }

  /// What has grown that must not.
  private List<String> grown(MemoryWatch memory, Instant from, Instant to) throws IOException {
    if (!settings.soak()) {
      return List.of();
    }
    MemoryTable.write(settings.directory().resolve("memory.tsv"), memory.samples());
    List<Growth> growths = Growth.of(memory.samples(), from, to);
    summary.memory(MemoryTable.markdown(growths, memory.busy()));
    return growths.stream()
        .filter(growth -> growth.share() > MAX_GROWTH)
        .map(growth ->
            String.format(
                Locale.ROOT,
                "resident memory of %s grew by %.1f %% after the warm-up",
                growth.process(),
                100 * growth.share()))
        .toList();
  }

  private void print(Happened happened) {
    say(
        "fault %d: %s, took %.1f s %s"
            .formatted(
                happened.fault().number(),
                happened.fault().text(),
                Duration.between(happened.from(), happened.to()).toMillis() / 1e3,
                happened.note()));
  }

  /// Waits until nothing waits.
  private void rest(Watch watch, String what) throws InterruptedException {
    Watermark rest = watch.rest(Instant.now().plus(REST_LIMIT));
    if (rest == null) {
      throw new IllegalStateException(
          "%s: not within %s (seed %d)".formatted(what, REST_LIMIT, settings.seed()));
    }
    summary.measured(what, rest.took());
    say("%s after %.1f s".formatted(what, rest.took().toMillis() / 1e3));
  }

  private void groupsRest(Watch watch) throws InterruptedException {
    Duration took = watch.groupsRest(Instant.now().plus(REST_LIMIT));
    if (took == null) {
      throw new IllegalStateException(
          "groups do not come to rest within %s (seed %d)".formatted(REST_LIMIT, settings.seed()));
    }
    summary.measured("groups at rest after that", took);
  }

  /// Images are deleted, and once that has been processed, copies of them arrive while all index
  /// instances are killed: none may match what was deleted.
  private void afterlife(Cluster cluster, Load load, Watch watch, Pictures pictures)
      throws IOException, InterruptedException {
    List<List<Operation>> phases = Schedule.afterlife(settings.seed(), pictures, AFTERLIFE);
    load.run(phases.getFirst());
    rest(watch, "images to be deleted processed");
    load.run(phases.get(1));
    rest(watch, "deletions processed");
    for (Node node : cluster.nodes(Role.INDEX)) {
      node.kill();
    }
    Instant killed = Instant.now();
    load.run(phases.getLast());
    cluster.heal();
    cluster.awaitReady(cluster.nodes(), Instant.now().plus(START_LIMIT));
    summary.measured("every index instance ready after all were killed", since(killed));
    rest(watch, "copies of deleted images processed");
  }

  private void judgeIndex(Cluster cluster, Oracle oracle) throws IOException, InterruptedException {
    for (Node query : cluster.nodes(Role.QUERY)) {
      try (MekikiClient client = new MekikiClient(query.address())) {
        oracle.judgeIndex(client, "index after all faults");
      }
    }
    if (!settings.rebuild()) {
      return;
    }
    Instant begin = Instant.now();
    Node rebuilt = cluster.rebuild();
    cluster.awaitReady(List.of(rebuilt), Instant.now().plus(START_LIMIT));
    Node query = cluster.nodes(Role.QUERY).getFirst();
    try (MekikiClient client = new MekikiClient(query.address())) {
      Cluster.await(Instant.now().plus(REST_LIMIT), () -> oracle.findsAll(client));
      oracle.judgeIndex(client, "index made anew from the topics");
    }
    summary.measured("index made anew from the topics", since(begin));
  }

  private List<String> withoutEffect(
      Cluster cluster, List<Happened> happened, Instant from, Instant to) {
    Evidence evidence = new Evidence(cluster);
    List<String> wrong = new ArrayList<>();
    List<String> idle = new ArrayList<>();
    for (Happened fault : happened) {
      List<String> parts = evidence.missing(fault);
      if (!parts.isEmpty()) {
        idle.add(
            "fault %d had no effect: %s %s".formatted(fault.fault().number(), parts, fault.note()));
      }
    }
    summary.count("faults with an effect", happened.size() - idle.size());
    summary.idle(idle);
    if (idle.size() * MAX_IDLE > happened.size()) {
      wrong.addAll(idle);
    }
    long rebalances = evidence.rebalances(from, to);
    long restores = evidence.restores(from, to);
    long fencings = evidence.fencings(from, to);
    summary.count("log lines of rebalances", rebalances);
    summary.count("stores restored from records", restores);
    summary.count("fenced or rolled back", fencings);
    if (rebalances == 0 || restores == 0 || fencings == 0) {
      wrong.add(
          "a run without faults: %d rebalances, %d restores, %d fencings (expected: some of each)"
              .formatted(rebalances, restores, fencings));
    }
    return wrong;
  }

  /// Topics and state of a run that is well are of no use to anybody.
  private void clean(Result result) throws IOException {
    Path directory = settings.directory();
    if (!isKept(result)) {
      Directories.deleteData(directory);
    }
    say(directory.toString());
  }

  private boolean isKept(Result result) {
    return !result.wrong().isEmpty() || settings.keep();
  }

  private static Duration since(Instant begin) {
    return Duration.between(begin, Instant.now());
  }

  private void say(String line) {
    out.printf("%s %s%n", Instant.now().toString().substring(11, 19), line);
  }
}
