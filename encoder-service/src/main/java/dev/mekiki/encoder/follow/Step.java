package dev.mekiki.encoder.follow;

import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/// What is done with one record of the topic that is followed. Thread-safe.
public interface Step {
  /// Works on a record.
  ///
  /// @return what is written for it, if anything
  /// @throws org.apache.kafka.common.KafkaException where Kafka does not answer: the record is
  ///   worked on again
  /// @throws InterruptedException where it took longer than the limit, or the loop ends
  /// @throws Exception for whatever is wrong with the record: {@link #failed} then says what is
  ///   written
  List<ProducerRecord<byte[], byte[]>> run(ConsumerRecord<byte[], byte[]> record) throws Exception;

  /// What is written for a record whose work failed or took longer than the limit, if anything.
  List<ProducerRecord<byte[], byte[]>> failed(
      ConsumerRecord<byte[], byte[]> record, Throwable reason);
}
