package dev.mekiki.training.checkpoints;

import dev.mekiki.encoding.io.AtomicFile;
import dev.mekiki.encoding.io.Sha256Digest;
import dev.mekiki.encoding.network.Weights.NamedShape;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Where a stage stood at the end of an epoch: all that training on from there needs. Everything
/// random is drawn anew for each epoch from the seed and the epoch's number, so that no state of a
/// generator is among it.
///
/// The file is a version, the fields in order and the SHA-256 of what precedes it.
///
/// @param run settings and data of the stage, in words: a checkpoint belongs to equal ones only
/// @param epoch how many are done, from 1
/// @param shapes of all parameters, in the block's order
/// @param weights all parameters as `Weights` writes them; not copied
/// @param velocities of the optimizer for the parameters that are trained, in the same order, as
///   little-endian floats; not copied
@SuppressWarnings("ArrayRecordComponent") // megabytes that pass through, never compared
public record Checkpoint(
    String run, int epoch, List<NamedShape> shapes, byte[] weights, byte[] velocities) {
  private static final int VERSION = 1;

  public Checkpoint {
    shapes = List.copyOf(shapes);
  }

  /// Writes the file; it appears whole or not at all, whatever ends the process or the machine.
  public void write(Path file) throws IOException {
    AtomicFile.write(file, toBytes());
  }

  /// The checkpoint in a file.
  ///
  /// @throws IOException where it cannot be read, or is damaged or not a checkpoint
  public static Checkpoint read(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    int end = bytes.length - Sha256Digest.start().getDigestLength();
    if (end < 0
        || !Arrays.equals(
            Sha256Digest.start().digest(Arrays.copyOf(bytes, end)),
            Arrays.copyOfRange(bytes, end, bytes.length))) {
      throw new CheckpointException(
          "checkpoint %s: SHA-256 does not match its content; damaged or not a checkpoint"
              .formatted(file));
    }
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes, 0, end))) {
      int version = in.readInt();
      if (version != VERSION) {
        throw new CheckpointException(
            "checkpoint %s: version %d (expected: %d)".formatted(file, version, VERSION));
      }
      String run = in.readUTF();
      int epoch = in.readInt();
      List<NamedShape> shapes = new ArrayList<>();
      int count = in.readInt();
      for (int i = 0; i < count; i++) {
        String name = in.readUTF();
        Long[] shape = new Long[in.readInt()];
        for (int dimension = 0; dimension < shape.length; dimension++) {
          shape[dimension] = in.readLong();
        }
        shapes.add(new NamedShape(name, List.of(shape)));
      }
      return new Checkpoint(run, epoch, shapes, array(in), array(in));
    } catch (EOFException e) {
      throw new CheckpointException("checkpoint %s: ends too soon".formatted(file), e);
    }
  }

  private byte[] toBytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(VERSION);
      out.writeUTF(run);
      out.writeInt(epoch);
      out.writeInt(shapes.size());
      for (NamedShape shape : shapes) {
        out.writeUTF(shape.name());
        out.writeInt(shape.shape().size());
        for (long dimension : shape.shape()) {
          out.writeLong(dimension);
        }
      }
      for (byte[] array : List.of(weights, velocities)) {
        out.writeInt(array.length);
        out.write(array);
      }
      out.write(Sha256Digest.start().digest(bytes.toByteArray()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static byte[] array(DataInputStream in) throws IOException {
    byte[] array = new byte[in.readInt()];
    in.readFully(array);
    return array;
  }
}
