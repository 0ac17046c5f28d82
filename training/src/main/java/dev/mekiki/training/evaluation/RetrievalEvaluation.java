package dev.mekiki.training.evaluation;

import dev.mekiki.hashing.center.CenterTable;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.training.evaluation.Evaluation.Answer;
import dev.mekiki.training.evaluation.Evaluation.Example;
import dev.mekiki.training.evaluation.Evaluation.Retrieval;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/// Asks a database of codes with others, and measures how well they find their class and which of
/// them do best and worst.
public final class RetrievalEvaluation {
  private static final int EXAMPLES = 5;
  private static final int ANSWERS = 8;

  private final String data;
  private final List<String> classNames;
  private final CenterTable centers;
  private final int tieOrders;
  private final long seed;

  /// @param data what the pictures are
  /// @param classNames by class id
  /// @param tieOrders random orders of the database, at least 1
  /// @param seed of these
  public RetrievalEvaluation(
      String data, List<String> classNames, CenterTable centers, int tieOrders, long seed) {
    this.data = data;
    this.classNames = classNames;
    this.centers = centers;
    this.tieOrders = tieOrders;
    this.seed = seed;
  }

  /// Asks with every query.
  ///
  /// @param database at least one
  /// @param queries at least one
  public Retrieval of(LabelledCodes database, LabelledCodes queries, EvaluationListener listener) {
    RetrievalMeasurement measurement =
        new RetrievalMeasurement(database.codes(), database.labels(), tieOrders, seed);
    RetrievalMeasurement.Found found = measurement.of(queries.codes(), queries.labels(), listener);
    int known = 0;
    int right = 0;
    for (int i = 0; i < queries.codes().size(); i++) {
      String name = classNames.get(queries.labels()[i]);
      if (centers.labels().contains(name)) {
        known++;
        right += centers.label(centers.cell(queries.codes().get(i)).center()).equals(name) ? 1 : 0;
      }
    }
    double[] precisions = found.averagePrecisions();
    List<Integer> byPrecision =
        IntStream.range(0, precisions.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> precisions[i]))
            .toList();
    Examples examples =
        new Examples(classNames, database, queries, measurement.database(), precisions);
    return new Retrieval(
        data,
        queries.codes().size(),
        database.codes().size(),
        (int)
            IntStream.concat(Arrays.stream(database.labels()), Arrays.stream(queries.labels()))
                .distinct()
                .count(),
        found.map(),
        Arrays.stream(precisions).sum() / precisions.length,
        found.radii(),
        CodeDistances.ofBuckets(centers, database.codes()),
        known,
        known == 0 ? null : (double) right / known,
        examples.first(byPrecision.reversed()),
        examples.first(byPrecision));
  }

  /// @param precisions average precision of each query
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  private record Examples(
      List<String> classNames,
      LabelledCodes database,
      LabelledCodes queries,
      RankedDatabase ranked,
      double[] precisions) {
    /// The first queries of an order, one of each class: one easy class would fill the page.
    List<Example> first(List<Integer> order) {
      Set<Integer> shown = new HashSet<>();
      return order.stream()
          .filter(i -> shown.add(queries.labels()[i]))
          .limit(EXAMPLES)
          .map(this::example)
          .toList();
    }

    private Example example(int query) {
      HashCode code = queries.codes().get(query);
      int label = queries.labels()[query];
      return new Example(
          queries.files().get(query).name(),
          classNames.get(label),
          precisions[query],
          ranked.nearest(code, ANSWERS).stream().map(i -> answer(i, code, label)).toList());
    }

    private Answer answer(int position, HashCode code, int label) {
      return new Answer(
          database.files().get(position).name(),
          classNames.get(database.labels()[position]),
          code.distance(database.codes().get(position)),
          database.labels()[position] == label);
    }
  }
}
