package dev.mekiki.query.rematch;

import dev.mekiki.runtime.kafka.KafkaClients;
import dev.mekiki.runtime.match.MatchEvents;
import dev.mekiki.schemas.topic.Topics;
import dev.mekiki.schemas.v1.CopyCandidate;
import dev.mekiki.schemas.v1.Match;
import dev.mekiki.schemas.v1.RematchProgress;
import io.cloudevents.kafka.KafkaMessageFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// Writes events, their ids, pairs to be verified and progress, all of them or none. All who may
/// work on jobs share one transactional id: one that begins to ends what another has under way,
/// which cannot write any more. For one thread.
final class RematchWriter implements AutoCloseable {
  private static final byte[] NOTED = {};

  private final Topics topics;
  private final KafkaProducer<byte[], byte[]> producer;

  private RematchWriter(Topics topics, KafkaProducer<byte[], byte[]> producer) {
    this.topics = topics;
    this.producer = producer;
  }

  /// From when it returns on, nobody else writes.
  static RematchWriter open(KafkaClients clients, Topics topics) {
    KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            clients.transactionalProducer(topics.rematch()),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    try {
      producer.initTransactions();
      return new RematchWriter(topics, producer);
    } catch (RuntimeException e) {
      producer.close(Duration.ZERO);
      throw e;
    }
  }

  /// Writes, and returns once it is committed.
  ///
  /// @param matches whose events and ids are written
  /// @param candidates pairs to be verified
  /// @param reported the topic of ids
  void write(
      List<Match> matches,
      List<CopyCandidate> candidates,
      String reported,
      RematchProgress progress) {
    producer.beginTransaction();
    for (Match match : matches) {
      byte[] key = match.getLater().getId().getBytes(StandardCharsets.UTF_8);
      // A failure to send fails the commit.
      var _ =
          producer.send(
              KafkaMessageFactory.createWriter(topics.matches(), key)
                  .writeBinary(MatchEvents.event(match)));
      var _ =
          producer.send(
              new ProducerRecord<>(
                  reported, match.getEventId().getBytes(StandardCharsets.UTF_8), NOTED));
    }
    for (CopyCandidate candidate : candidates) {
      var _ =
          producer.send(
              new ProducerRecord<>(
                  topics.copyCandidates(),
                  candidate.getSoughtId().getBytes(StandardCharsets.UTF_8),
                  candidate.toByteArray()));
    }
    var _ =
        producer.send(
            new ProducerRecord<>(
                topics.rematch(),
                RematchState.progressKey(progress.getJob().getId()),
                progress.toByteArray()));
    producer.commitTransaction();
  }

  @Override
  public void close() {
    producer.close(Duration.ZERO);
  }
}
