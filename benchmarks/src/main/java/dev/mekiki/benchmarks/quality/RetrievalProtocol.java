package dev.mekiki.benchmarks.quality;

import dev.mekiki.centers.solve.CenterSolution;
import dev.mekiki.centers.solve.CenterSolver;
import dev.mekiki.centers.solve.ClassSimilarity;
import dev.mekiki.training.backbone.FeatureHead;
import dev.mekiki.training.backbone.Features;
import dev.mekiki.training.backbone.FineTuningSettings;
import dev.mekiki.training.backbone.FrozenBackbone;
import dev.mekiki.training.data.LabelledImages;
import dev.mekiki.training.loop.Schedule;
import dev.mekiki.training.loop.TrainingListener;
import dev.mekiki.training.losses.CrossEntropy;
import dev.mekiki.training.losses.SimilarityLabelSmoothing;
import dev.mekiki.training.stages.ClassSimilarities;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
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
  private final int @Nullable [] superclasses;

  private RetrievalProtocol(
      CodeLearner learner,
      Part training,
      Part queries,
      Part database,
      int @Nullable [] superclasses) {
    this.learner = learner;
    this.training = training;
    this.queries = queries;
    this.database = database;
    this.superclasses = superclasses;
  }

  /// The protocol on features as they are.
  RetrievalProtocol(Part training, Part queries, Part database) {
    this(CodeLearner.onFeatures(), training, queries, database, null);
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
    return new RetrievalProtocol(tuned, training, queries, database, superclasses);
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
    return new RetrievalProtocol(learner, learnt, training.subset(held), learnt, superclasses);
  }

  /// The same with superclasses, by which retrieval is measured, too.
  ///
  /// @param ofClasses the superclass of each class
  public RetrievalProtocol withSuperclasses(int[] ofClasses) {
    if (ofClasses.length != classes()) {
      throw new IllegalArgumentException(
          "superclasses: %d (expected: %d, one for each class)"
              .formatted(ofClasses.length, classes()));
    }
    return new RetrievalProtocol(learner, training, queries, database, ofClasses.clone());
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
  /// @param meanings what the similarity of classes is made of, at least one; methods that do not
  ///   follow it are measured with the first alone
  public record Plan(
      List<RetrievalMethod> methods,
      List<Integer> bits,
      List<Long> seeds,
      List<Float> labelNoise,
      List<Float> labelSmoothing,
      List<Meaning> meanings) {
    public Plan {
      methods = List.copyOf(methods);
      bits = List.copyOf(bits);
      seeds = List.copyOf(seeds);
      labelNoise = List.copyOf(labelNoise);
      labelSmoothing = List.copyOf(labelSmoothing);
      meanings = List.copyOf(meanings);
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
  /// @param similarity what the similarity of classes was made of, the name of its table or
  ///   `classifier`; empty for a method that does not follow it
  /// @param weight of that table beside the classifier's; 0 without one
  /// @param labelNoise share of the training pictures with a wrong label
  /// @param labelSmoothing share of each target spread over similar classes
  /// @param minimumDistance of the centers; 0 for a method without
  /// @param centerLoss mean over C^2 entries of (S - H^T H / q)^2; 0 for a method without
  /// @param mapAtAll of the queries against the database
  /// @param superclassMapAtAll the same where pictures of one superclass are alike; 0 without
  ///   superclasses
  /// @param nearestCenterAccuracy share of the queries whose nearest center is that of their class;
  ///   0 for a method without
  /// @param seconds that centers and training took, that before a resume left out
  public record Result(
      String method,
      String similarity,
      float weight,
      int bits,
      long seed,
      float labelNoise,
      float labelSmoothing,
      int minimumDistance,
      double centerLoss,
      double mapAtAll,
      double superclassMapAtAll,
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
  /// @throws IllegalArgumentException if a table of similarities is not of these classes
  public List<Result> run(Plan plan, Listener listener) throws IOException {
    MethodMeasurement measurement = new MethodMeasurement(learner, queries, database, superclasses);
    List<Result> results = new ArrayList<>();
    for (long seed : plan.seeds()) {
      for (float noise : plan.labelNoise()) {
        Part learnt = new Part(training.images(), training.features().mislabelled(noise, seed));
        ClassSimilarity classifiers = similarity(learnt.features(), seed);
        for (Meaning meaning : plan.meanings()) {
          ClassSimilarity similarity = meaning.with(classifiers);
          boolean first = meaning.equals(plan.meanings().getFirst());
          for (int q : plan.bits()) {
            Map<CenterSolver, CenterSolution> solutions = new EnumMap<>(CenterSolver.class);
            for (float smoothing : plan.labelSmoothing()) {
              MethodMeasurement.Learnt from =
                  new MethodMeasurement.Learnt(
                      learnt,
                      noise,
                      SimilarityLabelSmoothing.targets(similarity, smoothing),
                      smoothing,
                      meaning,
                      seed);
              for (RetrievalMethod method : plan.methods()) {
                if (first || method.followsSimilarity()) {
                  Result result = measurement.of(method, q, from, similarity, solutions);
                  listener.measured(result);
                  results.add(result);
                }
              }
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

  private int classes() {
    return training.images().classNames().size();
  }
}
