package dev.mekiki.launcher.command.centers;

import static java.util.Objects.requireNonNull;

import dev.mekiki.centers.similarity.HierarchySimilarity;
import dev.mekiki.centers.similarity.VectorSimilarity;
import dev.mekiki.centers.solve.ClassSimilarity;
import dev.mekiki.launcher.command.options.ExitCode;
import dev.mekiki.launcher.command.options.JsonOption;
import dev.mekiki.launcher.command.options.Table;
import dev.mekiki.runtime.StartException;
import dev.mekiki.training.stages.SimilarityCheckpoint;
import dev.mekiki.training.tables.ClassTable;
import dev.mekiki.training.tables.SimilarityFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "similarity",
    description =
        "Make the similarity of classes, which centers follow, from what is known of the classes.",
    footer = {
      "",
      "Each source is a CSV file whose first line is a header that begins with 'class', with a line for",
      "each class, its name first. The table has the classes in the order of the file. 'train --data'",
      "numbers the classes of CIFAR-100 by name, 'train --images' those of a directory: see --by-name.",
      "",
      "  --hierarchy   class,superclass[,...]: the superclasses of each class, the most general last",
      "  --attributes  class,number[,...]: each in a unit of its own, nothing where not known",
      "  --vectors     class,number[,...]: what a text model makes of the names or descriptions",
      "",
      "Each row of the table is brought to -1..1, as for a classifier's mistakes: S is the mean of that",
      "and its transpose. 'centers --similarity' and 'train --similarity' read what is written.",
      "",
      "Examples:",
      "  mekiki similarity --hierarchy superclasses.csv --out similarity.csv",
      "  mekiki similarity --vectors names.csv --by-name --out similarity.csv",
      "  mekiki similarity --hierarchy superclasses.csv --classifier similarity.checkpoint \\",
      "      --weight 0.25 --out similarity.csv"
    })
public final class SimilarityCommand implements Callable<Integer> {
  private static final String CHECKPOINT = ".checkpoint";

  @Spec private CommandSpec spec;
  @Mixin private JsonOption json;

  @ArgGroup(multiplicity = "1")
  private Source source;

  @Option(
      names = "--classifier",
      paramLabel = "FILE",
      description = {
        "Mix it with this similarity of the same classes in the same order: a table (CSV), or the",
        "similarity.checkpoint that 'train' keeps of its classifier's."
      })
  private @Nullable Path classifier;

  @Option(
      names = "--weight",
      paramLabel = "SHARE",
      description = {
        "Of the source in the mixture, 0, the classifier's alone, to 1, the source alone",
        "(default: ${DEFAULT-VALUE})."
      })
  private float weight = 0.5f;

  @Option(names = "--by-name", description = "Write the classes in the order of their names.")
  private boolean byName;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      required = true,
      description = "Write the table there, CSV: C lines of C numbers.")
  private Path out;

  /// Where the similarity comes from.
  private static final class Source {
    @Option(names = "--hierarchy", paramLabel = "FILE", description = "Superclasses, CSV.")
    private @Nullable Path hierarchy;

    @Option(names = "--attributes", paramLabel = "FILE", description = "Attributes, CSV.")
    private @Nullable Path attributes;

    @Option(names = "--vectors", paramLabel = "FILE", description = "Vectors, CSV.")
    private @Nullable Path vectors;
  }

  @Override
  public Integer call() throws IOException {
    if (!(weight >= 0 && weight <= 1)) {
      throw new ParameterException(
          spec.commandLine(), "--weight: %s (expected: 0..1)".formatted(weight));
    }
    if (classifier == null && spec.commandLine().getParseResult().hasMatchedOption("--weight")) {
      throw new ParameterException(
          spec.commandLine(), "--weight: %s (expected: with --classifier only)".formatted(weight));
    }
    Made made = made();
    ClassSimilarity similarity = made.similarity;
    if (!similarity.isTelling()) {
      throw new StartException(
          "%s: all classes are equally alike (expected: some more alike than others); add what"
                  .formatted(made.table.file())
              + " distinguishes them");
    }
    if (classifier != null) {
      similarity = mixed(similarity, classifier);
    }
    SimilarityFile.write(out, similarity);
    json.print(
        new Written(
            out.toString(),
            similarity.classes(),
            made.table.classes().stream().map(ClassTable.Line::name).toList(),
            classifier == null ? 1 : weight),
        SimilarityCommand::print);
    return ExitCode.OK;
  }

  private Made made() throws IOException {
    if (source.hierarchy != null) {
      ClassTable table = table(source.hierarchy);
      return new Made(table, HierarchySimilarity.of(table.paths()));
    }
    if (source.attributes != null) {
      ClassTable table = table(source.attributes);
      return new Made(table, VectorSimilarity.ofAttributes(table.numbers(true)));
    }
    ClassTable table = table(requireNonNull(source.vectors));
    return new Made(table, VectorSimilarity.of(table.numbers(false)));
  }

  private ClassTable table(Path file) throws IOException {
    ClassTable table = ClassTable.read(file);
    return byName ? table.byName() : table;
  }

  private ClassSimilarity mixed(ClassSimilarity made, Path file) throws IOException {
    ClassSimilarity classifiers =
        file.toString().endsWith(CHECKPOINT)
            ? SimilarityCheckpoint.read(file)
            : SimilarityFile.read(file);
    if (classifiers.classes() != made.classes()) {
      throw new StartException(
          "%s: %d classes (expected: %d, those of the source, in the same order)"
              .formatted(file, classifiers.classes(), made.classes()));
    }
    return classifiers.mixedWith(made, weight);
  }

  private record Made(ClassTable table, ClassSimilarity similarity) {}

  private record Written(String file, int classes, List<String> order, float weight) {}

  private static void print(Written written, PrintWriter output) {
    new Table()
        .row("file", written.file())
        .row("classes", written.classes())
        .row("first", written.order().getFirst())
        .row("last", written.order().getLast())
        .row("weight of the source", written.weight())
        .print(output);
  }
}
