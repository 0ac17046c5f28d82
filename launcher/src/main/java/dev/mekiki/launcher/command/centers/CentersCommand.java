package dev.mekiki.launcher.command.centers;

import dev.mekiki.centers.solve.CenterProblem;
import dev.mekiki.centers.solve.CenterSolution;
import dev.mekiki.centers.solve.CenterSolver;
import dev.mekiki.centers.solve.ClassSimilarity;
import dev.mekiki.launcher.center.CentersFile;
import dev.mekiki.launcher.command.options.ExitCode;
import dev.mekiki.launcher.command.options.JsonOption;
import dev.mekiki.launcher.command.options.Table;
import dev.mekiki.launcher.process.Logs;
import dev.mekiki.training.tables.SimilarityFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "centers",
    description = "Find hash centers that follow the similarity of classes, and say how well.",
    subcommands = {CentersFitCommand.class, CentersAddCommand.class},
    footer = {
      "",
      "The file has C lines of C numbers from -1 to 1, 1 on the diagonal: how alike two classes are.",
      "Where two mirrored numbers differ their mean is followed. The loss is the mean over all C x C",
      "numbers of the squared difference to what the centers make of them, 1 - 2 distance / bits.",
      "The centers keep the Gilbert-Varshamov distance, or one less where no table is found at it.",
      "",
      "Examples:",
      "  mekiki centers --similarity similarity.csv --bits 16,32,64 --out centers.csv",
      "  mekiki centers --similarity similarity.csv --solver annealed,published --repeat 9"
    })
public final class CentersCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private JsonOption json;

  // Not required, or picocli would ask for it before a subcommand too.
  @Option(
      names = "--similarity",
      paramLabel = "FILE",
      description = "The similarity of classes, CSV. Required.")
  private @Nullable Path similarityFile;

  @Option(
      names = "--bits",
      paramLabel = "N",
      split = ",",
      description =
          "Lengths of the centers, multiples of 8 from 16 to 256 (default: ${DEFAULT-VALUE}).")
  private List<Integer> bits = List.of(64);

  @Option(
      names = "--solver",
      paramLabel = "NAME",
      split = ",",
      description = "Of ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private List<CenterSolver> solvers = List.of(CenterSolver.ANNEALED);

  @Option(
      names = "--repeat",
      paramLabel = "N",
      description = {
        "Solve everything this many times, to the same centers, and print the median time: the",
        "first time pays for compiling the solver (default: ${DEFAULT-VALUE})."
      })
  private int repeat = 1;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description =
          "Of all that is left to chance: the same seed, the same centers"
              + " (default: ${DEFAULT-VALUE}).")
  private long seed = 1;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Write the centers there, CSV: bits, class, center in hexadecimal.")
  private @Nullable Path out;

  @Override
  public Integer call() throws IOException {
    Logs.toConsole();
    if (similarityFile == null) {
      throw new ParameterException(spec.commandLine(), "--similarity=FILE is missing");
    }
    ClassSimilarity similarity = SimilarityFile.read(similarityFile);
    if (repeat < 1) {
      throw new ParameterException(
          spec.commandLine(), "--repeat: %d (expected: at least 1)".formatted(repeat));
    }
    if (out != null && solvers.size() > 1) {
      throw new ParameterException(
          spec.commandLine(), "--out: %d solvers (expected: 1)".formatted(solvers.size()));
    }
    // All of them are checked before the first is solved.
    List<CenterProblem> problems = bits.stream().map(q -> problem(q, similarity)).toList();
    List<Solved> all =
        problems.stream()
            .flatMap(problem -> solvers.stream().map(solver -> new Solved(solver, problem)))
            .toList();
    for (int round = 0; round < repeat; round++) {
      all.forEach(this::solve);
    }
    all.forEach(this::warn);
    if (out != null) {
      CentersFile.write(out, all.stream().map(Solved::solution).toList());
    }
    json.print(new Results(all.stream().map(Result::of).toList()), CentersCommand::print);
    return ExitCode.OK;
  }

  private CenterProblem problem(int q, ClassSimilarity similarity) {
    try {
      return CenterProblem.of(q, similarity, seed);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--bits: " + e.getMessage(), e);
    }
  }

  private void solve(Solved solved) {
    CenterProblem problem = solved.problem;
    String task = "%d bits, %s".formatted(problem.bits(), solved.solver);
    try (ProgressBar bar = CenterSource.progressBar(task)) {
      solved.solutions.add(
          solved.solver.solve(problem, (done, total) -> bar.maxHint(total).stepTo(done)));
    }
  }

  private void warn(Solved solved) {
    CenterSolution solution = solved.solution();
    if (!solution.reachedTarget()) {
      PrintWriter err = spec.commandLine().getErr();
      err.printf(
          "mekiki: %d bits: centers keep distance %d (wanted: %d)%n",
          solved.problem.bits(), solution.minimumDistance(), solution.targetDistance());
      err.flush();
    }
  }

  private static void print(Results results, PrintWriter output) {
    Table table = new Table().row("bits", "classes", "min distance", "loss", "seconds", "solver");
    for (Result result : results.results()) {
      table.row(
          result.bits(),
          result.classes(),
          result.minDistance(),
          "%.4f".formatted(result.loss()),
          "%.3f".formatted(result.seconds()),
          result.solver());
    }
    table.print(output);
  }

  /// A problem, who solves it, and what came of it each time.
  private record Solved(
      CenterSolver solver, CenterProblem problem, List<CenterSolution> solutions) {
    Solved(CenterSolver solver, CenterProblem problem) {
      this(solver, problem, new ArrayList<>());
    }

    /// The first; all have the same centers.
    CenterSolution solution() {
      return solutions.getFirst();
    }

    double medianSeconds() {
      List<Double> sorted = solutions.stream().map(CenterSolution::seconds).sorted().toList();
      int half = sorted.size() / 2;
      return sorted.size() % 2 == 1
          ? sorted.get(half)
          : (sorted.get(half - 1) + sorted.get(half)) / 2;
    }
  }

  private record Results(List<Result> results) {}

  private record Result(
      int bits, int classes, int minDistance, double loss, double seconds, String solver) {
    static Result of(Solved solved) {
      CenterSolution solution = solved.solution();
      return new Result(
          solved.problem.bits(),
          solution.codes().size(),
          solution.minimumDistance(),
          solution.loss(),
          solved.medianSeconds(),
          solution.solver());
    }
  }
}
