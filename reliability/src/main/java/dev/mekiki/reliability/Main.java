package dev.mekiki.reliability;

import dev.mekiki.reliability.cluster.Means;
import dev.mekiki.reliability.fault.FaultSchedule;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// The command of the fault runner: `reliability/run`.
@Command(
    name = "reliability/run",
    mixinStandardHelpOptions = true,
    description = "Run a whole cluster under seeded load and faults, and judge what it has done.",
    footer = {
      "",
      "Exits with 0 where nothing is wrong. Otherwise topics, state and logs are kept.",
      "",
      "Example:",
      "  reliability/run --seed 7 --minutes 15 --rolling-restart --rebuild"
    })
public final class Main implements Callable<Integer> {
  @Option(names = "--seed", description = "Of load and faults. Absent: a random one.")
  private @Nullable Long seed;

  @Option(
      names = "--runs",
      defaultValue = "1",
      description = "How many, with seeds that follow each other.")
  private int runs = 1;

  @Option(
      names = "--minutes",
      defaultValue = "4",
      description = "Of load, and of faults (default: ${DEFAULT-VALUE}).")
  private double minutes = 4;

  @Option(
      names = "--rate",
      defaultValue = "8",
      description = "Operations a second, searches included (default: ${DEFAULT-VALUE}).")
  private double rate = 8;

  @Option(
      names = "--soak",
      description = "No faults: the memory of each process is sampled, and must not grow.")
  private boolean soak;

  @Option(
      names = "--rolling-restart",
      description = "End and start every process, one after the other, after the random faults.")
  private boolean rollingRestart;

  @Option(
      names = "--network",
      description = "Lose packets between processes, too, by iptables. For root alone.")
  private boolean network;

  @Option(names = "--decoders", description = "End the decoders of encoders, too.")
  private boolean decoders;

  @Option(
      names = "--disks",
      description = {
        "Fill disks, too, and let them stall: brokers and index instances get disks of their own in"
            + " memory, up to 4 GiB in all. For root alone."
      })
  private boolean disks;

  @Option(
      names = "--clocks",
      description = "Set clocks of processes off, too, by libfaketime, which must be installed.")
  private boolean clocks;

  @Option(
      names = "--pause",
      paramLabel = "SECONDS",
      description = {
        "From the end of a fault to the beginning of the next, at least. Absent: 6, so that many meet"
            + " a cluster that still recovers."
      })
  private @Nullable Integer pause;

  @Option(
      names = "--only",
      paramLabel = "PATTERN",
      defaultValue = "",
      description = "Faults whose text in the report holds this alone, such as '^KILL'.")
  private Pattern only = Pattern.compile("");

  @Option(names = "--rebuild", description = "Compare the index with one made from the topics.")
  private boolean rebuild;

  @Option(
      names = "--directory",
      paramLabel = "DIR",
      defaultValue = "reliability/target/runs",
      description = "Where runs are kept, each in a directory of its own (${DEFAULT-VALUE}).")
  private Path directory = Path.of("reliability/target/runs");

  @Option(names = "--keep", description = "Keep topics and state where nothing is wrong, too.")
  private boolean keep;

  private Main() {}

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Main()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    long first = seed == null ? System.currentTimeMillis() % 1_000_000 : seed;
    int failed = 0;
    for (long next = first; next < first + runs; next++) {
      Path run = directory.resolve("seed-%d-%d".formatted(next, System.currentTimeMillis()));
      Settings settings =
          new Settings(
              next,
              Duration.ofMillis(Math.round(minutes * 60_000)),
              rate,
              soak,
              rollingRestart,
              new FaultSchedule.Wanted(means(), pause(), only),
              rebuild,
              run,
              keep);
      Result result = new FaultRun(settings, out).run();
      out.println(result.report());
      failed += result.wrong().isEmpty() ? 0 : 1;
    }
    return failed == 0 ? 0 : 1;
  }

  private @Nullable Duration pause() {
    return pause == null ? null : Duration.ofSeconds(pause);
  }

  private Set<Means> means() {
    Set<Means> means = EnumSet.noneOf(Means.class);
    if (decoders) {
      means.add(Means.DECODERS);
    }
    if (network) {
      means.add(Means.NETWORK);
    }
    if (disks) {
      means.add(Means.DISKS);
    }
    if (clocks) {
      means.add(Means.CLOCKS);
    }
    return means;
  }
}
