package dev.mekiki.training;

import dev.mekiki.encoding.bundle.Bundle;
import dev.mekiki.training.backbone.FrozenBackbone;
import dev.mekiki.training.data.LabelledImages;
import dev.mekiki.training.loop.TrainingDevice;
import dev.mekiki.training.loop.TrainingListener;
import dev.mekiki.training.stages.TrainingSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A training with its files: one run, the bundles that it writes, and, where it is asked for, the
/// same training with wrong labels.
public final class TrainingJob {
  private final TrainingRun run;
  private final @Nullable LabelNoise withNoise;
  private final List<Float> labelNoise;

  /// @param backbone that the network stands on; null where it is trained from scratch
  /// @param labelNoise shares of wrong labels, above 0 to 1; empty to measure none
  /// @throws IllegalArgumentException where images, settings and backbone do not fit together
  public TrainingJob(
      LabelledImages.Split images,
      TrainingSettings settings,
      TrainingDevice device,
      @Nullable FrozenBackbone backbone,
      List<Float> labelNoise) {
    LabelNoise.check(labelNoise);
    this.run = new TrainingRun(images.training(), images.test(), settings, device, backbone);
    this.withNoise =
        labelNoise.isEmpty() ? null : new LabelNoise(images, settings, device, backbone);
    this.labelNoise = List.copyOf(labelNoise);
  }

  /// A bundle in its file.
  public record Written(Path file, Bundle bundle) {}

  /// What a job has done.
  ///
  /// @param written the bundles, in the order of their bits in the settings
  /// @param labelNoise the training with right labels, then that with each share of wrong ones;
  ///   empty where none was asked for
  public record Outcome(
      TrainingResult result, List<Written> written, List<LabelNoise.Measured> labelNoise) {
    public Outcome {
      written = List.copyOf(written);
      labelNoise = List.copyOf(labelNoise);
    }
  }

  /// Trains, writes the bundles, and then measures wrong labels.
  ///
  /// @param out bundle to write; of several, each has its number of bits in its name, as in
  ///   `trained-32.mekiki`
  /// @param command that trains again, for the manifests
  /// @param checkpoints directory that takes one of each training after each epoch
  /// @param resume whether to go on from what is there
  /// @throws IOException if a checkpoint or bundle cannot be read or written, or a checkpoint
  ///   belongs to another run
  public Outcome run(
      Path out, String command, Path checkpoints, boolean resume, TrainingListener listener)
      throws IOException {
    TrainingResult result =
        run.run(out.getFileName().toString(), command, checkpoints, resume, listener);
    List<Bundle> bundles = result.bundles();
    List<Written> written = new ArrayList<>();
    for (Bundle bundle : bundles) {
      Path file = bundles.size() == 1 ? out : withBits(out, bundle.manifest().bits());
      bundle.write(file);
      written.add(new Written(file, bundle));
    }
    return new Outcome(
        result,
        written,
        withNoise == null
            ? List.of()
            : withNoise.run(labelNoise, result, checkpoints, resume, listener));
  }

  private static Path withBits(Path out, int bits) {
    String name = out.getFileName().toString();
    int dot = name.lastIndexOf('.');
    int end = dot < 0 ? name.length() : dot;
    return out.resolveSibling(name.substring(0, end) + "-" + bits + name.substring(end));
  }
}
