package dev.mekiki.index.streamsinternals;

import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.processor.internals.DefaultKafkaClientSupplier;

/// Clients of Kafka Streams, of which a thread gives up all its tasks once its transaction was
/// aborted.
///
/// The tasks of a thread share a transaction. Where one of them is corrupted, Kafka Streams commits
/// those that are not, and then aborts the rest. While the group rebalances it commits nothing
/// (`TaskManager.commitTasksAndMaybeUpdateCommittableOffsets`), aborts all the same, and goes on
/// with the other tasks behind records of which nothing was kept: these are lost. So after an abort
/// a producer says that it is fenced. A thread that hears this closes its tasks, makes another
/// producer, and begins again at what was committed.
public final class WholeTransactions extends DefaultKafkaClientSupplier {
  @Override
  public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
    return new OnceAborted(config);
  }

  private static final class OnceAborted extends KafkaProducer<byte[], byte[]> {
    /// Only the stream thread begins and aborts.
    private boolean aborted;

    OnceAborted(Map<String, Object> config) {
      super(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    @Override
    public void abortTransaction() {
      aborted = true;
      super.abortTransaction();
    }

    @Override
    public void beginTransaction() {
      if (aborted) {
        throw new ProducerFencedException(
            "a transaction of this producer was aborted, so tasks go on at what was committed");
      }
      super.beginTransaction();
    }
  }
}
