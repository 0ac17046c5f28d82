package dev.mekiki.benchmarks.quality;

import dev.mekiki.benchmarks.quality.FineTuning.Goal;
import dev.mekiki.benchmarks.quality.RetrievalProtocol.Part;
import dev.mekiki.benchmarks.quality.RetrievalProtocol.Result;
import dev.mekiki.centers.solve.CenterProblem;
import dev.mekiki.centers.solve.CenterSolution;
import dev.mekiki.centers.solve.CenterSolver;
import dev.mekiki.centers.solve.ClassSimilarity;
import dev.mekiki.encoding.io.Sha256Digest;
import dev.mekiki.hashing.center.CenterTable;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.training.backbone.FeatureHead;
import dev.mekiki.training.evaluation.MeanAveragePrecision;
import dev.mekiki.training.losses.SimilarityLabelSmoothing;
import dev.mekiki.training.stages.HashTraining;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Measures one method at a time.
final class MethodMeasurement {
  private final CodeLearner learner;
  private final Part queries;
  private final Part database;
  private final int @Nullable [] superclasses;

  /// @param superclasses of each class; null for none
  MethodMeasurement(
      CodeLearner learner, Part queries, Part database, int @Nullable [] superclasses) {
    this.learner = learner;
    this.queries = queries;
    this.database = database;
    this.superclasses = superclasses;
  }

  /// What is learnt from.
  ///
  /// @param pictures whose features have the labels to learn, right or wrong
  /// @param noise share of wrong labels among them
  /// @param targets one distribution over classes for each class, by {@link
  ///   SimilarityLabelSmoothing}
  /// @param meaning what the similarity of classes is made of
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  record Learnt(
      Part pictures, float noise, float[][] targets, float smoothing, Meaning meaning, long seed) {}

  /// What is learnt.
  ///
  /// @param centers null for a method without, or that finds them in training
  /// @param reassigned those of such a method
  private record Task(
      Goal goal, @Nullable CenterSolution centers, @Nullable ReassignedCenters reassigned) {}

  /// The measurement.
  ///
  /// @param solutions of this similarity and number of bits; takes what is solved for
  Result of(
      RetrievalMethod method,
      int bits,
      Learnt from,
      ClassSimilarity similarity,
      Map<CenterSolver, CenterSolution> solutions)
      throws IOException {
    long start = System.nanoTime();
    Task task = task(method, bits, from, similarity, solutions);
    try (CodeLearner.Coder coder = learner.learn(from.pictures(), bits, task.goal(), from.seed())) {
      double seconds = (System.nanoTime() - start) / 1e9;
      CenterSolution centers = task.centers();
      if (task.reassigned() != null) {
        CenterProblem problem = CenterProblem.of(bits, similarity, from.seed());
        centers = CenterSolution.measured(task.reassigned().centers(), method.toString(), problem);
      }
      List<HashCode> asked = codes(coder, queries);
      List<HashCode> stored = codes(coder, database);
      return new Result(
          method.toString(),
          method.followsSimilarity() ? from.meaning().name() : "",
          method.followsSimilarity() ? from.meaning().weight() : 0,
          bits,
          from.seed(),
          from.noise(),
          from.smoothing(),
          centers == null ? 0 : centers.minimumDistance(),
          centers == null ? 0 : centers.loss(),
          new MeanAveragePrecision(stored, database.images().labels())
              .of(asked, queries.images().labels()),
          ofSuperclasses(asked, stored),
          centers == null ? 0 : nearest(bits, centers.codes(), asked),
          seconds);
    }
  }

  private double ofSuperclasses(List<HashCode> asked, List<HashCode> stored) {
    int[] of = superclasses;
    if (of == null) {
      return 0;
    }
    return new MeanAveragePrecision(stored, superclasses(database, of))
        .of(asked, superclasses(queries, of));
  }

  private static int[] superclasses(Part part, int[] of) {
    return Arrays.stream(part.images().labels()).map(label -> of[label]).toArray();
  }

  private double nearest(int bits, List<HashCode> centers, List<HashCode> asked) {
    return queries
        .images()
        .nearestCenterAccuracy(
            new CenterTable(bits, centers, queries.images().classNames()), asked);
  }

  private Task task(
      RetrievalMethod method,
      int bits,
      Learnt from,
      ClassSimilarity similarity,
      Map<CenterSolver, CenterSolution> solutions) {
    String name = name(method, bits, from);
    CenterSolver solver = method.solver();
    if (solver != null) {
      CenterSolution solved =
          solutions.computeIfAbsent(
              solver,
              one ->
                  one.solve(CenterProblem.of(bits, similarity, from.seed()), (done, total) -> {}));
      CenterSolution centers =
          method == RetrievalMethod.SHC_PERMUTED
              ? solved.permuted(similarity, from.seed())
              : solved;
      FeatureHead.Loss loss = MethodLosses.towardCenters(centers.codes(), from.targets());
      return new Task(new Goal(name, id(centers.codes()), loss), centers, null);
    }
    if (method.reassigns()) {
      ReassignedCenters reassigned =
          new ReassignedCenters(classes(), bits, from.seed(), loss(method, from));
      return new Task(new Goal(name, "reassigned centers", reassigned), null, reassigned);
    }
    FeatureHead.Loss loss = MethodLosses.orthoHash(classes(), bits, from.seed());
    return new Task(new Goal(name, "random codes", loss), null, null);
  }

  private static ReassignedCenters.LossOfCenters loss(RetrievalMethod method, Learnt from) {
    return method == RetrievalMethod.CRH
        ? MethodLosses::reassigned
        : (outputs, labels, centers, manager) ->
            MethodLosses.towardCenters(outputs, labels, centers, from.targets(), manager);
  }

  /// Of a training, for people and for its checkpoint's file.
  private static String name(RetrievalMethod method, int bits, Learnt from) {
    StringBuilder name = new StringBuilder("%s-%d-%d".formatted(method, bits, from.seed()));
    if (method.followsSimilarity() && !from.meaning().equals(Meaning.CLASSIFIER)) {
      name.append("-by-").append(from.meaning().label().replace(' ', '-'));
    }
    if (from.noise() > 0) {
      name.append("-noise-").append(from.noise());
    }
    if (from.smoothing() > 0) {
      name.append("-doubt-").append(from.smoothing());
    }
    return name.toString();
  }

  private int classes() {
    return queries.images().classNames().size();
  }

  private static String id(List<HashCode> centers) {
    MessageDigest digest = Sha256Digest.start();
    HashTraining.update(digest, centers);
    return "centers " + HexFormat.of().formatHex(digest.digest());
  }

  private static List<HashCode> codes(CodeLearner.Coder coder, Part part) {
    return Stream.of(coder.outputs(part)).map(HashCode::fromOutputs).toList();
  }
}
