package dev.mekiki.launcher.command;

import dev.mekiki.hashing.center.solve.CenterProblem;
import dev.mekiki.hashing.center.solve.CenterSolution;
import dev.mekiki.hashing.center.solve.CenterSolver;
import dev.mekiki.hashing.center.solve.ClassSimilarity;
import dev.mekiki.launcher.center.CentersFile;
import dev.mekiki.launcher.center.SimilarityFile;
import dev.mekiki.launcher.process.Logs;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
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
      "Example:",
      "  mekiki centers --similarity similarity.csv --bits 16,32,64 --out centers.csv"
    })
final class CentersCommand implements Callable<Integer> {
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
      description = "One of ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private CenterSolver solver = CenterSolver.ANNEALED;

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
    // All of them are checked before the first is solved.
    List<CenterProblem> problems = bits.stream().map(q -> problem(q, similarity)).toList();
    List<CenterSolution> solutions = problems.stream().map(this::solve).toList();
    if (out != null) {
      CentersFile.write(out, solutions);
    }
    print(solutions);
    return ExitCode.OK;
  }

  private CenterProblem problem(int q, ClassSimilarity similarity) {
    try {
      return CenterProblem.of(q, similarity, seed);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--bits: " + e.getMessage(), e);
    }
  }

  private CenterSolution solve(CenterProblem problem) {
    CenterSolution solution;
    try (ProgressBar bar = CenterSource.progressBar(problem.bits() + " bits")) {
      solution = solver.solve(problem, (done, total) -> bar.maxHint(total).stepTo(done));
    }
    if (!solution.reachedTarget()) {
      PrintWriter err = spec.commandLine().getErr();
      err.printf(
          "mekiki: %d bits: centers keep distance %d (wanted: %d)%n",
          problem.bits(), solution.minimumDistance(), solution.targetDistance());
      err.flush();
    }
    return solution;
  }

  private void print(List<CenterSolution> solutions) {
    PrintWriter output = spec.commandLine().getOut();
    if (json.isSet()) {
      output.println(JsonOption.of(new Results(solutions.stream().map(Result::of).toList())));
      output.flush();
      return;
    }
    Table table = new Table().row("bits", "classes", "min distance", "loss", "seconds", "solver");
    solutions.stream()
        .map(Result::of)
        .forEach(result ->
            table.row(
                result.bits(),
                result.classes(),
                result.minDistance(),
                "%.4f".formatted(result.loss()),
                "%.2f".formatted(result.seconds()),
                result.solver()));
    table.print(output);
  }

  private record Results(List<Result> results) {}

  private record Result(
      int bits, int classes, int minDistance, double loss, double seconds, String solver) {
    static Result of(CenterSolution solution) {
      return new Result(
          solution.codes().getFirst().bits(),
          solution.codes().size(),
          solution.minimumDistance(),
          solution.loss(),
          solution.seconds(),
          solution.solver());
    }
  }
}
