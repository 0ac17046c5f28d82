package dev.mekiki.benchmarks.quality;

import dev.mekiki.benchmarks.quality.FineTuning.Goal;
import dev.mekiki.centers.solve.CenterProblem;
import dev.mekiki.centers.solve.CenterSolution;
import dev.mekiki.centers.solve.CenterSolver;
import dev.mekiki.centers.solve.ClassSimilarity;
import dev.mekiki.encoding.io.Sha256Digest;
import dev.mekiki.hashing.center.CenterTable;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.training.backbone.FeatureHead;
import dev.mekiki.training.backbone.Features;
import dev.mekiki.training.backbone.FineTuningSettings;
import dev.mekiki.training.backbone.FrozenBackbone;
import dev.mekiki.training.data.LabelledImages;
import dev.mekiki.training.evaluation.MeanAveragePrecision;
import dev.mekiki.training.loop.Schedule;
import dev.mekiki.training.loop.TrainingListener;
import dev.mekiki.training.losses.CrossEntropy;
import dev.mekiki.training.losses.SimilarityLabelSmoothing;
import dev.mekiki.training.stages.ClassSimilarities;
import dev.mekiki.training.stages.HashTraining;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The protocol by which papers on hash centers compare themselves on CIFAR-100: of all 60,000
/// pictures a seeded shuffle takes 100 of each class for training and 50 of each class as queries;
/// the database is all others (Chen et al., arXiv 2507.08404). The backbone is frozen, or trained
/// on where {@link #fineTuned} says so: the same head, loss, schedule and seed for every method,
/// and for all that follow the similarity of classes the mistakes of one classifier on frozen
/// features.
///
/// Nothing may be chosen on the queries: {@link #validating} measures with training pictures alone.
public final class RetrievalProtocol {
  /// Of the softmax over a classifier's outputs, from which the similarity of classes comes.
  private static final float TEMPERATURE = 2;

  /// Chosen on the validation split, for its loss.
  private static final FeatureHead.Settings CLASSIFIER =
      new FeatureHead.Settings(new Schedule(10, 128, 0.05f, 5e-4f, 0.1f), 512, 0.5f);

  private final CodeLearner learner;
  private final Part training;
  private final Part queries;
  private final Part database;

  private RetrievalProtocol(CodeLearner learner, Part training, Part queries, Part database) {
    this.learner = learner;
    this.training = training;
    this.queries = queries;
    this.database = database;
  }

  /// The protocol on features as they are.
  RetrievalProtocol(Part training, Part queries, Part database) {
    this(CodeLearner.onFeatures(), training, queries, database);
  }

  /// Pictures and what the frozen backbone finds in them.
  ///
  /// @param images and `features`: of the same pictures in the same order
  record Part(LabelledImages images, Features features) {
    /// The pictures at the given positions, in that order.
    Part subset(List<Integer> positions) {
      return new Part(images.subset(positions), features.subset(positions));
    }
  }

  /// The protocol on a data set's pictures.
  ///
  /// @param all of them, training and test pictures alike
  /// @param trainingPerClass pictures to learn from
  /// @param queriesPerClass pictures to ask for
  /// @param splitSeed of the shuffle
  /// @throws IOException if the backbone or the cache cannot be read, or the cache not written
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
    Part whole = new Part(all, features);
    return new RetrievalProtocol(
        whole.subset(training), whole.subset(queries), whole.subset(database));
  }

  /// The same with a backbone that is trained on for every method, from what it is.
  ///
  /// @param backbone that the features are of
  /// @param checkpoints directory that takes one of each measurement after each epoch; null for
  ///   none
  /// @param resume whether to go on from what is there
  /// @param listener receives the progress of the training
  /// @param encoding receives how many pictures are encoded
  public RetrievalProtocol fineTuned(
      FrozenBackbone backbone,
      FineTuningSettings settings,
      @Nullable Path checkpoints,
      boolean resume,
      TrainingListener listener,
      FrozenBackbone.Listener encoding) {
    CodeLearner tuned =
        CodeLearner.fineTuned(
            new FineTuning(backbone.network(), settings, backbone.device()),
            checkpoints,
            resume,
            listener,
            encoding);
    return new RetrievalProtocol(tuned, training, queries, database);
  }

  /// The same on the training pictures alone, a fifth of which ask for the others.
  public RetrievalProtocol validating() {
    List<Integer> rest = new ArrayList<>();
    List<Integer> held = new ArrayList<>();
    int[] labels = training.images().labels();
    int[] seen = new int[classes()];
    for (int i = 0; i < labels.length; i++) {
      (seen[labels[i]]++ % 5 == 0 ? held : rest).add(i);
    }
    Part learnt = training.subset(rest);
    return new RetrievalProtocol(learner, learnt, training.subset(held), learnt);
  }

  /// Number of training pictures, queries and pictures in the database.
  public List<Integer> sizes() {
    return Stream.of(training, queries, database).map(part -> part.images().size()).toList();
  }

  /// What to measure: each method with each of the others.
  ///
  /// @param labelNoise shares of the training pictures that get the label of another class, every
  ///   one as likely, 0 to 1; queries and database keep theirs
  /// @param labelSmoothing as {@link dev.mekiki.training.stages.HashSettings#labelSmoothing}, for
  ///   methods with centers
  public record Plan(
      List<RetrievalMethod> methods,
      List<Integer> bits,
      List<Long> seeds,
      List<Float> labelNoise,
      List<Float> labelSmoothing) {
    public Plan {
      methods = List.copyOf(methods);
      bits = List.copyOf(bits);
      seeds = List.copyOf(seeds);
      labelNoise = List.copyOf(labelNoise);
      labelSmoothing = List.copyOf(labelSmoothing);
      for (float share : labelNoise) {
        if (!(share >= 0 && share <= 1)) {
          throw new IllegalArgumentException("label noise: %s (expected: 0..1)".formatted(share));
        }
      }
      for (float smoothing : labelSmoothing) {
        if (!(smoothing >= 0 && smoothing < 1)) {
          throw new IllegalArgumentException(
              "label smoothing: %s (expected: 0 to below 1)".formatted(smoothing));
        }
      }
    }
  }

  /// One measurement.
  ///
  /// @param labelNoise share of the training pictures with a wrong label
  /// @param labelSmoothing share of each target spread over similar classes
  /// @param minimumDistance of the centers; 0 for a method without
  /// @param centerLoss mean over C^2 entries of (S - H^T H / q)^2; 0 for a method without
  /// @param mapAtAll of the queries against the database
  /// @param nearestCenterAccuracy share of the queries whose nearest center is that of their class;
  ///   0 for a method without
  /// @param seconds that centers and training took, that before a resume left out
  public record Result(
      String method,
      int bits,
      long seed,
      float labelNoise,
      float labelSmoothing,
      int minimumDistance,
      double centerLoss,
      double mapAtAll,
      double nearestCenterAccuracy,
      double seconds) {}

  /// Receives each measurement.
  public interface Listener {
    /// Called after every one.
    void measured(Result result);
  }

  /// Measures all of a plan, seed by seed.
  ///
  /// @throws IOException if a checkpoint cannot be read or written, or belongs to another run
  public List<Result> run(Plan plan, Listener listener) throws IOException {
    List<Result> results = new ArrayList<>();
    for (long seed : plan.seeds()) {
      for (float noise : plan.labelNoise()) {
        Part learnt = new Part(training.images(), training.features().mislabelled(noise, seed));
        ClassSimilarity similarity = similarity(learnt.features(), seed);
        for (int q : plan.bits()) {
          Map<CenterSolver, CenterSolution> solutions = new EnumMap<>(CenterSolver.class);
          for (float smoothing : plan.labelSmoothing()) {
            Learnt from =
                new Learnt(
                    learnt,
                    noise,
                    SimilarityLabelSmoothing.targets(similarity, smoothing),
                    smoothing,
                    seed);
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

  /// What is learnt from.
  ///
  /// @param pictures whose features have the labels to learn, right or wrong
  /// @param noise share of wrong labels among them
  /// @param targets one distribution over classes for each class, by {@link
  ///   SimilarityLabelSmoothing}
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  private record Learnt(
      Part pictures, float noise, float[][] targets, float smoothing, long seed) {}

  private Result measure(
      RetrievalMethod method,
      int bits,
      Learnt from,
      ClassSimilarity similarity,
      Map<CenterSolver, CenterSolution> solutions)
      throws IOException {
    long start = System.nanoTime();
    long seed = from.seed();
    CenterSolution centers = centers(method, bits, seed, similarity, solutions);
    Goal goal = goal(name(method, bits, from), bits, centers, from);
    double map;
    double accuracy;
    double seconds;
    try (CodeLearner.Coder coder = learner.learn(from.pictures(), bits, goal, seed)) {
      seconds = (System.nanoTime() - start) / 1e9;
      List<HashCode> asked = codes(coder, queries);
      map =
          new MeanAveragePrecision(codes(coder, database), database.images().labels())
              .of(asked, queries.images().labels());
      accuracy =
          centers == null
              ? 0
              : queries
                  .images()
                  .nearestCenterAccuracy(
                      new CenterTable(bits, centers.codes(), queries.images().classNames()), asked);
    }
    return new Result(
        method.toString(),
        bits,
        seed,
        from.noise(),
        from.smoothing(),
        centers == null ? 0 : centers.minimumDistance(),
        centers == null ? 0 : centers.loss(),
        map,
        accuracy,
        seconds);
  }

  /// Null for a method without centers.
  private static @Nullable CenterSolution centers(
      RetrievalMethod method,
      int bits,
      long seed,
      ClassSimilarity similarity,
      Map<CenterSolver, CenterSolution> solutions) {
    CenterSolver solver = method.solver();
    if (solver == null) {
      return null;
    }
    CenterSolution centers =
        solutions.computeIfAbsent(
            solver,
            one -> one.solve(CenterProblem.of(bits, similarity, seed), (done, total) -> {}));
    return method == RetrievalMethod.SHC_PERMUTED ? centers.permuted(similarity, seed) : centers;
  }

  private Goal goal(String name, int bits, @Nullable CenterSolution centers, Learnt from) {
    return centers == null
        ? new Goal(name, "random codes", MethodLosses.orthoHash(classes(), bits, from.seed()))
        : new Goal(
            name,
            id(centers.codes()),
            MethodLosses.towardCenters(bits, centers.codes(), from.targets()));
  }

  /// Of a training, for people and for its checkpoint's file.
  private static String name(RetrievalMethod method, int bits, Learnt from) {
    StringBuilder name = new StringBuilder("%s-%d-%d".formatted(method, bits, from.seed()));
    if (from.noise() > 0) {
      name.append("-noise-").append(from.noise());
    }
    if (from.smoothing() > 0) {
      name.append("-doubt-").append(from.smoothing());
    }
    return name.toString();
  }

  private int classes() {
    return training.images().classNames().size();
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
