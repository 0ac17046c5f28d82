package dev.mekiki.encoder.record;

import dev.mekiki.schemas.image.ImageId;
import dev.mekiki.schemas.v1.ImageCode;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/// One record of `images` on its way to a transaction: made by the loop's thread, finished once by
/// whichever thread knows what became of it.
public final class Work {
  private final ConsumerRecord<byte[], byte[]> record;
  private volatile @Nullable Outcome outcome;

  public Work(ConsumerRecord<byte[], byte[]> record) {
    this.record = record;
  }

  public ConsumerRecord<byte[], byte[]> record() {
    return record;
  }

  public int bytes() {
    return Math.max(0, record.serializedKeySize()) + Math.max(0, record.serializedValueSize());
  }

  public void finish(Outcome result) {
    outcome = result;
  }

  /// Null while it is unknown.
  public @Nullable Outcome outcome() {
    return outcome;
  }

  /// What became of a record.
  public sealed interface Outcome {
    /// An image's codes are to be written.
    ///
    /// @param id the image
    /// @param code its codes
    record Coded(ImageId id, ImageCode code) implements Outcome {}

    /// A tombstone is to be written.
    ///
    /// @param id the image
    record Deleted(ImageId id) implements Outcome {}

    /// A dead letter is to be written.
    ///
    /// @param deadLetter why
    record Dead(DeadLetter deadLetter) implements Outcome {}

    /// The encoder failed, not the image: the record must be read again.
    ///
    /// @param cause what went wrong
    record Failed(Throwable cause) implements Outcome {}
  }
}
