package dev.mekiki.training.checkpoints;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Where the checkpoint of a stage lies.
///
/// @param file null for none
/// @param resume whether to go on from it if it is there; without, it must not be there: hours of
///   work are not overwritten
public record Checkpoints(@Nullable Path file, boolean resume) {
  private static final String SUFFIX = ".checkpoint";

  public static final Checkpoints NONE = new Checkpoints(null, false);

  /// Of a stage.
  ///
  /// @param directory null for none
  public static Checkpoints of(@Nullable Path directory, String stage, boolean resume) {
    return directory == null ? NONE : new Checkpoints(directory.resolve(stage + SUFFIX), resume);
  }

  /// The checkpoint to resume from.
  ///
  /// @param run what it must belong to, in words
  /// @return null where there is nothing
  /// @throws IOException where a checkpoint is there and not to be resumed from, cannot be read, or
  ///   belongs to another run
  public @Nullable Checkpoint last(String run) throws IOException {
    if (file == null || !Files.exists(file)) {
      return null;
    }
    if (!resume) {
      throw new CheckpointException(
          "checkpoint %s: there already (expected: none; --resume goes on from it)"
              .formatted(file));
    }
    Checkpoint last = Checkpoint.read(file);
    if (!last.run().equals(run)) {
      throw new CheckpointException(
          "checkpoint %s: of the run '%s' (expected: '%s')".formatted(file, last.run(), run));
    }
    return last;
  }

  /// Of another part of the same stage.
  public Checkpoints besides(String part) {
    if (file == null) {
      return NONE;
    }
    String name = String.valueOf(file.getFileName());
    String stage = name.substring(0, name.length() - SUFFIX.length());
    return of(file.getParent(), stage + "-" + part, resume);
  }
}
