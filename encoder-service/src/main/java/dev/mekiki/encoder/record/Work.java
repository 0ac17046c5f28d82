package dev.mekiki.encoder.record;

import com.google.protobuf.ByteString;
import dev.mekiki.schemas.image.ImageId;
import dev.mekiki.schemas.v1.ImageCode;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/// One record of `images` on its way to a transaction: made by the stream's thread, finished once
/// by the thread that learns its outcome.
public final class Work {
  private final ConsumerRecord<byte[], byte[]> record;
  private final String topicId;
  private final long bytes;
  private final boolean reference;
  private volatile @Nullable Outcome outcome;
  private volatile boolean dropped;

  /// @param topicId Kafka's id of the topic that the record was read from
  public Work(ConsumerRecord<byte[], byte[]> record, String topicId) {
    this.record = record;
    this.topicId = topicId;
    this.bytes =
        Math.max(0L, record.serializedKeySize())
            + Math.max(0L, record.serializedValueSize())
            + HeaderSizes.total(record.headers());
    this.reference = ArrivalReader.isReference(record);
  }

  /// The work of a record that cannot be read: it is passed over.
  public static Work unreadable(String topic, int partition, long offset) {
    Work work = new Work(new ConsumerRecord<>(topic, partition, offset, null, null), "");
    work.finish(new Outcome.Skipped(SkipReason.UNREADABLE));
    return work;
  }

  /// The record as it was read.
  public ConsumerRecord<byte[], byte[]> record() {
    return record;
  }

  /// Kafka's id of the topic that the record was read from.
  public String topicId() {
    return topicId;
  }

  /// Bytes that it keeps on the heap, about.
  public long bytes() {
    return bytes;
  }

  /// Whether it names an image that is held elsewhere: how long it takes depends on others.
  public boolean isReference() {
    return reference;
  }

  /// Says that nobody waits for the outcome any more: the record is read again, here or elsewhere.
  public void drop() {
    dropped = true;
  }

  /// False once it was dropped.
  public boolean isWanted() {
    return !dropped;
  }

  /// Sets the outcome, or replaces it where it turned out not to be writable.
  public void finish(Outcome result) {
    outcome = result;
  }

  /// Null while it is not known.
  public @Nullable Outcome outcome() {
    return outcome;
  }

  /// What becomes of a record.
  public sealed interface Outcome {
    /// An image's codes are to be written, and its thumbnail.
    ///
    /// @param id the image
    /// @param code its codes, without a thumbnail or the place of one
    /// @param thumbnail a JPEG; empty: the image has none, and an older one is removed
    record Coded(ImageId id, ImageCode code, ByteString thumbnail) implements Outcome {}

    /// Tombstones of codes and thumbnail are to be written.
    ///
    /// @param id the image
    record Deleted(ImageId id) implements Outcome {}

    /// A dead letter is to be written.
    ///
    /// @param deadLetter why
    /// @param bare without anything of the original record, because Kafka refused it otherwise
    record Dead(DeadLetter deadLetter, boolean bare) implements Outcome {
      /// With as much of the original record as fits.
      public Dead(DeadLetter deadLetter) {
        this(deadLetter, false);
      }
    }

    /// Nothing can be written; the stream passes the record over.
    ///
    /// @param reason for the metric
    record Skipped(SkipReason reason) implements Outcome {}
  }

  /// Why a record is passed over without even a dead letter.
  public enum SkipReason {
    /// Kafka refused its dead letter.
    DEAD_LETTER_REFUSED,
    /// The consumer cannot read it: it is damaged, or larger than the heap when decompressed.
    UNREADABLE
  }
}
