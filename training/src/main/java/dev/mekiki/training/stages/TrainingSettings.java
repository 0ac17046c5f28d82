package dev.mekiki.training.stages;

import static java.util.Objects.requireNonNullElse;

import dev.mekiki.centers.solve.CenterSolver;
import dev.mekiki.encoding.network.Architecture;
import dev.mekiki.encoding.preprocess.Preprocessing;
import dev.mekiki.encoding.preprocess.Preprocessing.View;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.training.backbone.FineTuningSettings;
import dev.mekiki.training.backbone.FrozenBackbone;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The settings of a training run.
///
/// @param bits q of the hash codes, one bundle each, without repeats
/// @param classifier the first stage, whose seed is that of the whole run
/// @param similarity where the similarity of classes comes from
/// @param solver that finds the centers
/// @param hash the third stage
/// @param views what codes are averaged over: more are steadier, for as much more work of encoding;
///   training does not depend on them
/// @param hashSeeds with how many seeds the second and third stages run, from the classifier's on;
///   only the bundles of the first seed are meant for use; the others show how much is chance
/// @param fineTuning how the backbone is trained after the layers on it; null for not at all
public record TrainingSettings(
    List<Integer> bits,
    ClassifierSettings classifier,
    SimilaritySource similarity,
    CenterSolver solver,
    HashSettings hash,
    List<View> views,
    int hashSeeds,
    @Nullable FineTuningSettings fineTuning) {
  /// Rectified units between a backbone's features and the hash layer.
  private static final int HIDDEN = 512;

  public TrainingSettings {
    bits = List.copyOf(bits);
    views = List.copyOf(views);
    if (bits.isEmpty() || bits.stream().distinct().count() != bits.size()) {
      throw new IllegalArgumentException(
          "bits: " + bits + " (expected: at least one, without repeats)");
    }
    if (hashSeeds < 1) {
      throw new IllegalArgumentException("seeds: %d (expected: at least 1)".formatted(hashSeeds));
    }
    for (int q : bits) {
      if (q < HashCode.MIN_BITS || q > HashCode.MAX_BITS || q % Byte.SIZE != 0) {
        throw new IllegalArgumentException(
            "bits: %d (expected: a multiple of %d, %d to %d)"
                .formatted(q, Byte.SIZE, HashCode.MIN_BITS, HashCode.MAX_BITS));
      }
    }
  }

  /// The same for the first number of bits and the first seed alone.
  public TrainingSettings once() {
    return new TrainingSettings(
        bits.subList(0, 1), classifier, similarity, solver, hash, views, 1, fineTuning);
  }

  /// The defaults of `mekiki train`: 16 passes for the classifier and 30 for the codes, or 10 and
  /// 20 on a backbone.
  ///
  /// @param backbone that the network stands on; null where it is trained from scratch
  /// @param classifierEpochs passes over the training images in the first stage; null for the
  ///   default
  /// @param hashEpochs and in the third
  /// @throws IOException if the backbone cannot be read or used
  public static TrainingSettings of(
      List<Integer> bits,
      @Nullable FrozenBackbone backbone,
      @Nullable Integer classifierEpochs,
      @Nullable Integer hashEpochs,
      long seed)
      throws IOException {
    return backbone == null
        ? defaults(
            bits,
            requireNonNullElse(classifierEpochs, 16),
            requireNonNullElse(hashEpochs, 30),
            seed)
        : onBackbone(
            bits,
            new Architecture.TorchScript(backbone.featureLength(), HIDDEN),
            backbone.preprocessing(),
            requireNonNullElse(classifierEpochs, 10),
            requireNonNullElse(hashEpochs, 20),
            seed);
  }

  /// From scratch, as `mekiki train` does it.
  ///
  /// @param classifierEpochs passes over the training images in the first stage
  /// @param hashEpochs and in the third
  public static TrainingSettings defaults(
      List<Integer> bits, int classifierEpochs, int hashEpochs, long seed) {
    ClassifierSettings classifier = ClassifierSettings.defaults(classifierEpochs, seed);
    return new TrainingSettings(
        bits,
        classifier,
        new SimilaritySource.Mistakes(1),
        CenterSolver.ANNEALED,
        HashSettings.defaults(hashEpochs),
        classifier.preprocessing().views(),
        1,
        null);
  }

  /// The same on a frozen backbone.
  ///
  /// @param architecture the backbone's features and the layers on them
  /// @param preprocessing what the backbone reads
  /// @param classifierEpochs passes over the training images in the first stage
  /// @param hashEpochs and in the third
  public static TrainingSettings onBackbone(
      List<Integer> bits,
      Architecture.TorchScript architecture,
      Preprocessing preprocessing,
      int classifierEpochs,
      int hashEpochs,
      long seed) {
    return new TrainingSettings(
        bits,
        ClassifierSettings.onBackbone(architecture, preprocessing, classifierEpochs, seed),
        new SimilaritySource.Mistakes(2),
        CenterSolver.ANNEALED,
        HashSettings.onBackbone(hashEpochs),
        preprocessing.views(),
        1,
        null);
  }
}
