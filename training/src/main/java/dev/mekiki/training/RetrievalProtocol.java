package dev.mekiki.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import dev.mekiki.hashing.center.CenterTable;
import dev.mekiki.hashing.center.solve.CenterProblem;
import dev.mekiki.hashing.center.solve.CenterSolution;
import dev.mekiki.hashing.center.solve.CenterSolver;
import dev.mekiki.hashing.center.solve.ClassSimilarity;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.training.CenterLoss.BatchShape;
import dev.mekiki.training.HashSettings.LossWeights;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/// The protocol by which papers on hash centers compare themselves on CIFAR-100: of all 60,000
/// pictures a seeded shuffle takes 100 of each class for training and 50 of each class as queries;
/// the database is all others (Chen et al., arXiv 2507.08404). Here the backbone is frozen: the
/// same head, loss, schedule and seed for every method, and the same classifier's mistakes for all
/// that follow the similarity of classes.
///
/// Nothing may be chosen on the queries: {@link #validating} measures with training pictures alone.
public final class RetrievalProtocol {
  /// Of the softmax over a classifier's outputs, from which the similarity of classes comes.
  private static final float TEMPERATURE = 2;

  /// Of the cosine, and taken from that of the own class: as published for CIFAR-100.
  private static final float ORTHOHASH_SCALE = 8;

  private static final float ORTHOHASH_MARGIN = 0.2f;

  private static final LossWeights WEIGHTS = new LossWeights(1, 0, 0.1f, 0, 0);

  /// Both chosen on the validation split: the classifier for its loss, the head for its MAP at 16
  /// bits. The bits' loss is a mean over bits and wants a higher rate.
  private static final FeatureHead.Settings CLASSIFIER =
      new FeatureHead.Settings(new Schedule(10, 128, 0.05f, 5e-4f, 0.1f), 512, 0.5f);

  private static final FeatureHead.Settings HEAD =
      new FeatureHead.Settings(new Schedule(20, 128, 0.2f, 5e-4f, 0.2f), 512, 0.5f);

  private final Features training;
  private final Features queries;
  private final Features database;

  RetrievalProtocol(Features training, Features queries, Features database) {
    this.training = training;
    this.queries = queries;
    this.database = database;
  }

  /// The protocol on a data set's pictures.
  ///
  /// @param all of them, training and test pictures alike
  /// @param trainingPerClass pictures to learn from
  /// @param queriesPerClass pictures to ask for
  /// @param splitSeed of the shuffle
  /// @throws IOException where the backbone or the cache cannot be read, or the cache not written
  public static RetrievalProtocol of(
      FrozenBackbone backbone,
      LabelledImages all,
      int trainingPerClass,
      int queriesPerClass,
      long splitSeed,
      FrozenBackbone.Listener listener)
      throws IOException {
    int smallest = Arrays.stream(all.classSizes()).min().orElse(0);
    if (trainingPerClass < 2
        || queriesPerClass < 1
        || trainingPerClass + queriesPerClass >= smallest) {
      throw new IllegalArgumentException(
          "pictures of each class: %d and %d (expected: at least 2 and 1, together below %d)"
              .formatted(trainingPerClass, queriesPerClass, smallest));
    }
    Features features = backbone.features(all, listener);
    int[] seen = new int[all.classNames().size()];
    List<Integer> training = new ArrayList<>();
    List<Integer> queries = new ArrayList<>();
    List<Integer> database = new ArrayList<>();
    for (int i : all.shuffled(splitSeed)) {
      int place = seen[all.labels()[i]]++;
      if (place < trainingPerClass) {
        training.add(i);
      } else if (place < trainingPerClass + queriesPerClass) {
        queries.add(i);
      } else {
        database.add(i);
      }
    }
    return new RetrievalProtocol(
        features.subset(training), features.subset(queries), features.subset(database));
  }

  /// The same on the training pictures alone, a fifth of which ask for the others.
  public RetrievalProtocol validating() {
    List<Integer> rest = new ArrayList<>();
    List<Integer> held = new ArrayList<>();
    int[] seen = new int[training.classNames().size()];
    for (int i = 0; i < training.size(); i++) {
      (seen[training.labels()[i]]++ % 5 == 0 ? held : rest).add(i);
    }
    Features learnt = training.subset(rest);
    return new RetrievalProtocol(learnt, training.subset(held), learnt);
  }

  /// Number of training pictures, queries and pictures in the database.
  public List<Integer> sizes() {
    return List.of(training.size(), queries.size(), database.size());
  }

  /// What to measure: each method with each of the others.
  ///
  /// @param labelNoise shares of the training pictures that get the label of another class, every
  ///   one as likely, 0 to 1; queries and database keep theirs
  /// @param labelDoubt as {@link HashSettings#labelDoubt}, for methods with centers
  public record Plan(
      List<RetrievalMethod> methods,
      List<Integer> bits,
      List<Long> seeds,
      List<Float> labelNoise,
      List<Float> labelDoubt) {
    public Plan {
      methods = List.copyOf(methods);
      bits = List.copyOf(bits);
      seeds = List.copyOf(seeds);
      labelNoise = List.copyOf(labelNoise);
      labelDoubt = List.copyOf(labelDoubt);
      for (float share : labelNoise) {
        if (!(share >= 0 && share <= 1)) {
          throw new IllegalArgumentException("label noise: %s (expected: 0..1)".formatted(share));
        }
      }
      for (float doubt : labelDoubt) {
        if (!(doubt >= 0 && doubt < 1)) {
          throw new IllegalArgumentException(
              "label doubt: %s (expected: 0 to below 1)".formatted(doubt));
        }
      }
    }
  }

  /// One measurement.
  ///
  /// @param labelNoise share of the training pictures with a wrong label
  /// @param labelDoubt share of each target spread over similar classes
  /// @param minimumDistance of the centers; 0 for a method without
  /// @param centerLoss mean over C^2 entries of (S - H^T H / q)^2; 0 for a method without
  /// @param mapAtAll of the queries against the database
  /// @param nearestCenterAccuracy share of the queries whose nearest center is that of their class;
  ///   0 for a method without
  /// @param seconds that centers and head took
  public record Result(
      String method,
      int bits,
      long seed,
      float labelNoise,
      float labelDoubt,
      int minimumDistance,
      double centerLoss,
      double mapAtAll,
      double nearestCenterAccuracy,
      double seconds) {}

  /// Told of each measurement.
  public interface Listener {
    /// Called after every one.
    void measured(Result result);
  }

  /// Measures all of a plan, seed by seed.
  ///
  /// @throws IOException never: no checkpoints are written
  public List<Result> run(Plan plan, Listener listener) throws IOException {
    List<Result> results = new ArrayList<>();
    for (long seed : plan.seeds()) {
      for (float noise : plan.labelNoise()) {
        Features learnt = training.mislabelled(noise, seed);
        ClassSimilarity similarity = similarity(learnt, seed);
        for (int q : plan.bits()) {
          Map<CenterSolver, CenterSolution> solutions = new EnumMap<>(CenterSolver.class);
          for (float doubt : plan.labelDoubt()) {
            Learnt from =
                new Learnt(learnt, noise, LabelDoubt.targets(similarity, doubt), doubt, seed);
            for (RetrievalMethod method : plan.methods()) {
              Result result = measure(method, q, from, similarity, solutions);
              listener.measured(result);
              results.add(result);
            }
          }
        }
      }
    }
    return results;
  }

  private static ClassSimilarity similarity(Features learnt, long seed) throws IOException {
    int classes = learnt.classNames().size();
    FeatureHead.Loss loss =
        (outputs, labels, manager) ->
            CrossEntropy.of(outputs, CrossEntropy.smoothed(manager, labels, classes, 0));
    try (FeatureHead classifier = FeatureHead.train(learnt, classes, loss, CLASSIFIER, seed)) {
      float[][] outputs = classifier.outputs(learnt);
      float[] logits = new float[outputs.length * classes];
      for (int i = 0; i < outputs.length; i++) {
        System.arraycopy(outputs[i], 0, logits, i * classes, classes);
      }
      return ClassSimilarities.ofMistakes(logits, learnt.labels(), classes, TEMPERATURE);
    }
  }

  /// What a head learns from.
  ///
  /// @param noise share of wrong labels among the pictures
  /// @param targets one distribution over classes for each class, by {@link LabelDoubt}
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  private record Learnt(
      Features pictures, float noise, float[][] targets, float doubt, long seed) {}

  private Result measure(
      RetrievalMethod method,
      int bits,
      Learnt from,
      ClassSimilarity similarity,
      Map<CenterSolver, CenterSolution> solutions)
      throws IOException {
    long start = System.nanoTime();
    long seed = from.seed();
    CenterSolver solver = method.solver();
    CenterSolution centers =
        solver == null
            ? null
            : solutions.computeIfAbsent(
                solver,
                one -> one.solve(CenterProblem.of(bits, similarity, seed), (done, total) -> {}));
    if (centers != null && method == RetrievalMethod.SHC_PERMUTED) {
      centers = centers.permuted(similarity, seed);
    }
    FeatureHead.Loss loss =
        centers == null
            ? orthoHash(bits, seed)
            : towardCenters(bits, centers.codes(), from.targets());
    double map;
    double accuracy;
    double seconds;
    try (FeatureHead head = FeatureHead.train(from.pictures(), bits, loss, HEAD, seed)) {
      seconds = (System.nanoTime() - start) / 1e9;
      List<HashCode> asked = codes(head, queries);
      map =
          new MeanAveragePrecision(codes(head, database), database.labels())
              .of(asked, queries.labels());
      accuracy = centers == null ? 0 : nearestCenterAccuracy(centers.codes(), asked);
    }
    return new Result(
        method.toString(),
        bits,
        seed,
        from.noise(),
        from.doubt(),
        centers == null ? 0 : centers.minimumDistance(),
        centers == null ? 0 : centers.loss(),
        map,
        accuracy,
        seconds);
  }

  private double nearestCenterAccuracy(List<HashCode> centers, List<HashCode> asked) {
    CenterTable table = new CenterTable(centers.getFirst().bits(), centers, training.classNames());
    int right = 0;
    for (int i = 0; i < asked.size(); i++) {
      right += table.cell(asked.get(i)).center() == queries.labels()[i] ? 1 : 0;
    }
    return (double) right / asked.size();
  }

  private static FeatureHead.Loss towardCenters(
      int bits, List<HashCode> centers, float[][] targets) {
    float[] rows = CenterLoss.rows(centers);
    return (outputs, labels, manager) ->
        new CenterLoss(WEIGHTS, new BatchShape(labels.length, 0, 0))
            .evaluate(
                outputs,
                LabelDoubt.rows(manager, labels, targets),
                manager.create(rows, new Shape(centers.size(), bits)));
  }

  /// Cross-entropy of softmax(scale (cosine - margin for the own class)) over random codes.
  private FeatureHead.Loss orthoHash(int bits, long seed) {
    int classes = training.classNames().size();
    Random random = new Random(seed);
    float[] codes = new float[classes * bits];
    for (int i = 0; i < codes.length; i++) {
      codes[i] = (random.nextBoolean() ? 1 : -1) / (float) Math.sqrt(bits);
    }
    return (outputs, labels, manager) -> {
      NDArray own = CrossEntropy.smoothed(manager, labels, classes, 0);
      // Not after the root: its gradient has no bound at 0, where dropout can put a row.
      NDArray lengths = outputs.square().sum(new int[] {1}, true).add(1e-6f).sqrt();
      NDArray cosines =
          outputs.div(lengths).matMul(manager.create(codes, new Shape(classes, bits)).transpose());
      return CrossEntropy.of(cosines.sub(own.mul(ORTHOHASH_MARGIN)).mul(ORTHOHASH_SCALE), own);
    };
  }

  private static List<HashCode> codes(FeatureHead head, Features features) {
    return Stream.of(head.outputs(features)).map(HashCode::fromOutputs).toList();
  }
}
