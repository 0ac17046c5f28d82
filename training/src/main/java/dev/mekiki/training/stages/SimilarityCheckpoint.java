package dev.mekiki.training.stages;

import dev.mekiki.centers.solve.ClassSimilarity;
import dev.mekiki.encoding.io.Sha256Digest;
import dev.mekiki.encoding.network.Weights.NamedShape;
import dev.mekiki.training.checkpoints.Checkpoint;
import dev.mekiki.training.checkpoints.CheckpointException;
import dev.mekiki.training.checkpoints.Checkpoints;
import dev.mekiki.training.network.TrainedNetwork;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Supplier;

/// The similarity that the centers follow, kept beside the checkpoints of the other stages.
///
/// A training that goes on elsewhere must have the centers it began with. From a seed and a
/// similarity come the same ones everywhere, but the similarity itself does not: another device, or
/// another number of threads, adds up in another order, and from what differs in the last digits
/// come other centers altogether.
public final class SimilarityCheckpoint {
  private static final String NAME = "similarity";

  /// Of 10,000 classes, and some more.
  private static final long MAX_BYTES = 512L << 20;

  private SimilarityCheckpoint() {}

  /// The similarity that was found before, or that is found now and kept.
  ///
  /// @param classifier whose mistakes or features it comes from
  /// @param find finds it
  /// @throws IOException where a checkpoint cannot be read or written, or belongs to another run
  public static ClassSimilarity of(
      Checkpoints checkpoints,
      TrainedNetwork classifier,
      SimilaritySource source,
      Supplier<ClassSimilarity> find)
      throws IOException {
    String run =
        "similarity by %s, classifier %s"
            .formatted(
                source.description(),
                HexFormat.of().formatHex(Sha256Digest.start().digest(classifier.weights())));
    Checkpoint last = checkpoints.last(run);
    if (last != null) {
      return read(last);
    }
    ClassSimilarity similarity = find.get();
    Path file = checkpoints.file();
    if (file != null) {
      write(run, similarity).write(file);
    }
    return similarity;
  }

  /// The similarity that a training kept.
  ///
  /// @param file its `similarity.checkpoint`
  /// @throws IOException where it cannot be read, or is damaged or the checkpoint of another stage
  public static ClassSimilarity read(Path file) throws IOException {
    if (Files.size(file) > MAX_BYTES) {
      throw new CheckpointException(
          "checkpoint %s: %,d bytes (expected: at most %,d, those of a similarity.checkpoint)"
              .formatted(file, Files.size(file), MAX_BYTES));
    }
    Checkpoint checkpoint = Checkpoint.read(file);
    List<NamedShape> shapes = checkpoint.shapes();
    if (shapes.size() != 1 || !shapes.getFirst().name().equals(NAME)) {
      throw new CheckpointException(
          "checkpoint %s: of the run '%s' (expected: a similarity.checkpoint)"
              .formatted(file, checkpoint.run()));
    }
    return read(checkpoint);
  }

  private static ClassSimilarity read(Checkpoint checkpoint) {
    FloatBuffer entries =
        ByteBuffer.wrap(checkpoint.weights()).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    int classes = Math.toIntExact(checkpoint.shapes().getFirst().shape().getFirst());
    float[][] rows = new float[classes][classes];
    for (float[] row : rows) {
      entries.get(row);
    }
    return ClassSimilarity.of(rows);
  }

  private static Checkpoint write(String run, ClassSimilarity similarity) {
    int classes = similarity.classes();
    ByteBuffer entries =
        ByteBuffer.allocate(classes * classes * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < classes; i++) {
      for (int j = 0; j < classes; j++) {
        entries.putFloat(similarity.of(i, j));
      }
    }
    List<Long> shape = List.of((long) classes, (long) classes);
    return new Checkpoint(
        run, 1, List.of(new NamedShape(NAME, shape)), entries.array(), new byte[0]);
  }
}
