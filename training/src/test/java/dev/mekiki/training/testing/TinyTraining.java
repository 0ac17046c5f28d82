package dev.mekiki.training.testing;

import dev.mekiki.centers.solve.CenterSolver;
import dev.mekiki.encoding.network.Architecture;
import dev.mekiki.encoding.preprocess.Preprocessing;
import dev.mekiki.encoding.preprocess.Preprocessing.Colour;
import dev.mekiki.encoding.preprocess.Preprocessing.View;
import dev.mekiki.training.loop.Schedule;
import dev.mekiki.training.losses.LossWeights;
import dev.mekiki.training.stages.ClassifierSettings;
import dev.mekiki.training.stages.HashSettings;
import dev.mekiki.training.stages.SimilaritySource;
import dev.mekiki.training.stages.TrainingSettings;
import java.util.List;

/// Trainings on {@link StripedPictures} that end within seconds.
public final class TinyTraining {
  private TinyTraining() {}

  public static TrainingSettings settings(
      List<Integer> bits, int epochs, List<View> views, int seeds) {
    Schedule schedule = new Schedule(epochs, 24, 0.05f, 5e-4f, 0.05f);
    return new TrainingSettings(
        bits,
        classifier(schedule),
        new SimilaritySource.Mistakes(1),
        CenterSolver.ANNEALED,
        new HashSettings(
            schedule, Colour.LUMA, 4, 4, 0.5f, new LossWeights(1, 1, 0.1f, 1, 1), 0.25f, 0.1f),
        views,
        seeds,
        null);
  }

  /// Of seed 11.
  public static ClassifierSettings classifier(Schedule schedule) {
    return new ClassifierSettings(
        11,
        new Architecture.Residual(Architecture.Residual.RESNET_PADDED, 2, 1, List.of(8, 16)),
        Preprocessing.rgb(StripedPictures.SIDE),
        schedule,
        0.1f,
        0.25f);
  }
}
