package dev.mekiki.benchmarks.duplicates;

import dev.mekiki.benchmarks.data.PictureFiles;
import dev.mekiki.benchmarks.report.Output;
import dev.mekiki.benchmarks.testbed.Testbed;
import dev.mekiki.encoding.decode.BadImageException;
import dev.mekiki.encoding.opencv.OpenCvLibrary;
import dev.mekiki.files.TemporaryDirectory;
import dev.mekiki.runtime.StartException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "duplicates",
    description = {
      "Measure how many edited copies of pictures are found, and how many other pictures are taken"
          + " for copies: by fingerprints, and by landmarks and an alignment. Pictures go to the"
          + " topic of images of a Mekiki in this process, and what is found is read from its events."
    },
    footer = {
      "",
      "Examples:",
      "  mekiki bench duplicates --images photos --distractors others --sample 10 --json",
      "  mekiki bench duplicates --images photos --distractors others --report report",
      "  mekiki bench duplicates --drawn 600 --in-process"
    })
public final class DuplicatesCommand implements Callable<Integer> {
  private static final List<String> SWITCH = List.of("on", "off");
  private static final int MAX_DRAWN = 100_000;

  @Spec private CommandSpec spec;
  @Mixin private Output output;

  @Option(names = "--images", paramLabel = "DIR", description = "Pictures to make copies of.")
  private @Nullable Path images;

  @Option(
      names = "--drawn",
      paramLabel = "N",
      description =
          "Draw so many pictures unlike photos and make copies of them, too: scenes, screenshots,"
              + " icons and line art, as many of each (default: ${DEFAULT-VALUE}).")
  private int drawn;

  @Option(
      names = "--distractors",
      paramLabel = "DIR",
      description = "Other pictures, which must not be taken for copies.")
  private @Nullable Path distractors;

  @Option(
      names = "--edits",
      paramLabel = "WHICH",
      description =
          "all, known (each has a recall to reach), unseen (never looked at while thresholds were"
              + " chosen), or names of edits, separated by commas (default: ${DEFAULT-VALUE}).")
  private String edits = "all";

  @Option(
      names = "--landmarks",
      paramLabel = "on|off",
      description = "Whether landmarks are looked up (default: ${DEFAULT-VALUE}).")
  private String landmarks = "on";

  @Option(
      names = "--strict",
      paramLabel = "on|off",
      description = "Whether second photos of one scene are no copies (default: ${DEFAULT-VALUE}).")
  private String strict = "off";

  @Option(
      names = "--sample",
      paramLabel = "N",
      description = "Make copies of every N-th picture alone (default: ${DEFAULT-VALUE}).")
  private int sample = 1;

  @Option(
      names = "--in-process",
      description =
          "Without services: the classes that they are made of, on one thread. Turned and trimmed"
              + " fingerprints decide by themselves, where the services verify what they find.")
  private boolean inProcess;

  @Option(
      names = "--limit",
      paramLabel = "SECONDS",
      description = "Time limit of the copies of one kind, in seconds (default: ${DEFAULT-VALUE}).")
  private int limitSeconds = 600;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "Where broker, index and drawn pictures are kept meanwhile (default: the system's directory"
              + " for temporary files).")
  private @Nullable Path data;

  @Option(
      names = "--report",
      paramLabel = "DIR",
      description =
          "Write a report there: the tables, a chart, and a picture of each pair of different"
              + " pictures that was taken for copies.")
  private @Nullable Path report;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Draws the edits, and the pictures of --drawn (default: ${DEFAULT-VALUE}).")
  private long seed = 1;

  @Override
  public Integer call() throws IOException, BadImageException, InterruptedException {
    check();
    OpenCvLibrary.load();
    // Made now: a run of hours should not end with a directory that cannot be.
    ReportFolder folder = report == null ? null : new ReportFolder(report);
    try (TemporaryDirectory drawings = TemporaryDirectory.create(data, Testbed.PREFIX)) {
      List<Original> all = new ArrayList<>();
      if (images != null) {
        all.addAll(photos("--images", images));
      }
      all.addAll(DrawnFamily.drawAll(drawn, drawings.path(), seed));
      measure(all, folder);
    }
    return 0;
  }

  private void measure(List<Original> all, @Nullable ReportFolder folder)
      throws IOException, BadImageException, InterruptedException {
    List<Original> originals = new ArrayList<>();
    List<Original> others = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      (i % sample == 0 ? originals : others).add(all.get(i));
    }
    if (distractors != null) {
      others.addAll(photos("--distractors", distractors));
    }
    DuplicatesMeasurement measurement =
        new DuplicatesMeasurement(
            originals,
            others,
            chosen(),
            landmarks.equals("on"),
            seed,
            spec.commandLine().getErr(),
            folder);
    try (Finder finder = finder()) {
      output.print(measurement.run(finder));
    }
  }

  private static List<Original> photos(String option, Path directory) throws IOException {
    return PictureFiles.in(option, directory).stream().map(Original::photo).toList();
  }

  private void check() {
    chosen();
    requireOneOf("--landmarks", landmarks, SWITCH);
    requireOneOf("--strict", strict, SWITCH);
    if (sample < 1) {
      throw new StartException("--sample: %d (expected: at least 1)".formatted(sample));
    }
    if (limitSeconds < 1) {
      throw new StartException("--limit: %d (expected: at least 1)".formatted(limitSeconds));
    }
    if (drawn < 0 || drawn > MAX_DRAWN) {
      throw new StartException("--drawn: %d (expected: 0..%,d)".formatted(drawn, MAX_DRAWN));
    }
    if (images == null && drawn == 0) {
      throw new StartException("--images, --drawn: no pictures (expected: one of them, or both)");
    }
  }

  private Finder finder() throws IOException, InterruptedException {
    boolean withLandmarks = landmarks.equals("on");
    boolean isStrict = strict.equals("on");
    return inProcess
        ? new InProcessFinder(withLandmarks, isStrict)
        : new ProductFinder(withLandmarks, isStrict, data, Duration.ofSeconds(limitSeconds));
  }

  private static void requireOneOf(String option, String value, List<String> allowed) {
    if (!allowed.contains(value)) {
      throw new StartException(
          "%s: '%s' (expected: %s)".formatted(option, value, String.join(" or ", allowed)));
    }
  }

  private List<Edit> chosen() {
    List<Edit> all = new ArrayList<>(Edits.known());
    all.addAll(Edits.unseen());
    return switch (edits) {
      case "all" -> all;
      case "known" -> Edits.known();
      case "unseen" -> Edits.unseen();
      default ->
          Arrays.stream(edits.split(",", -1))
              .map(String::strip)
              .map(one -> named(one, all))
              .toList();
    };
  }

  private static Edit named(String name, List<Edit> all) {
    return all.stream()
        .filter(edit -> edit.name().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new StartException(
                "--edits: '%s' (expected: all, known, unseen or some of %s)"
                    .formatted(name, String.join(",", all.stream().map(Edit::name).toList()))));
  }
}
