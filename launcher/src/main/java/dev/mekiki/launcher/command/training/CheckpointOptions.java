package dev.mekiki.launcher.command.training;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Where a training keeps what it has done, and whether it goes on from there.
final class CheckpointOptions {
  @Option(
      names = "--checkpoints",
      paramLabel = "DIR",
      description = "Where checkpoints lie (default: beside the bundle, FILE.checkpoints).")
  private @Nullable Path checkpoints;

  @Option(
      names = "--resume",
      description = "Go on from the checkpoints of the same training, if there are any.")
  private boolean resume;

  /// @param bundle that is to be written
  Path directory(Path bundle) {
    return checkpoints == null
        ? bundle.resolveSibling(bundle.getFileName() + ".checkpoints")
        : checkpoints;
  }

  boolean isResume() {
    return resume;
  }
}
