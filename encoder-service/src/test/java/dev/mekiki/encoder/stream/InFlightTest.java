package dev.mekiki.encoder.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.encoder.record.Work;
import dev.mekiki.encoder.record.Work.Outcome;
import dev.mekiki.schemas.image.ImageId;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

final class InFlightTest {
  private static final Outcome DONE = new Outcome.Deleted(new ImageId("a"));

  private final InFlight inFlight = new InFlight();

  @Test
  void unfinishedRecordHoldsBackThoseBehindIt() {
    Work first = work(0, 5);
    Work second = work(0, 6);
    Work other = work(1, 0);
    second.finish(DONE);
    other.finish(DONE);

    assertThat(inFlight.committable()).isEqualTo(1);
    assertThat(inFlight.take(10).work()).containsExactly(other);
    first.finish(DONE);
    InFlight.Committable rest = inFlight.take(10);
    assertThat(rest.work()).containsExactly(first, second);
    assertThat(rest.offsets())
        .containsEntry(new TopicPartition("images", 0), new OffsetAndMetadata(7));
    assertThat(inFlight.isEmpty()).isTrue();
    assertThat(inFlight.bytes()).isZero();
  }

  @Test
  void droppedPartitionLeavesTheOthers() {
    work(0, 5);
    Work other = work(1, 0);
    inFlight.drop(List.of(new TopicPartition("images", 0)));

    assertThat(inFlight.records()).isEqualTo(1);
    other.finish(DONE);
    assertThat(inFlight.take(10).work()).containsExactly(other);
  }

  @Test
  void waitingIsOfNoUseWhereAReferenceComesFirst() {
    List<TopicPartition> both =
        List.of(new TopicPartition("images", 0), new TopicPartition("images", 1));
    Work first = work(0, 5);
    Work reference = reference(0, 6);
    work(0, 7);
    reference(1, 0);

    assertThat(inFlight.isUnfinished(both)).isTrue();
    first.finish(DONE);
    assertThat(inFlight.isUnfinished(both)).isFalse();
    reference.finish(DONE);
    assertThat(inFlight.isUnfinished(both)).isTrue();
  }

  @Test
  void loadsAreOfPartitionsThatWaitForAReference() {
    Work reference = reference(0, 0);
    work(0, 1);
    work(1, 0);
    long bytes = inFlight.bytes();

    assertThat(inFlight.withReferences())
        .isEqualTo(Map.of(new TopicPartition("images", 0), new InFlight.Load(2, bytes)));
    reference.finish(DONE);
    assertThat(inFlight.withReferences()).isEmpty();
  }

  @Test
  void whatIsDroppedIsNotWanted() {
    Work first = work(0, 0);
    Work second = work(1, 0);
    inFlight.drop(List.of(new TopicPartition("images", 0)));
    assertThat(first.isWanted()).isFalse();
    assertThat(second.isWanted()).isTrue();
    inFlight.dropAll();
    assertThat(second.isWanted()).isFalse();
  }

  private Work work(int partition, long offset) {
    return add(new ConsumerRecord<>("images", partition, offset, null, null));
  }

  private Work reference(int partition, long offset) {
    ConsumerRecord<byte[], byte[]> record =
        new ConsumerRecord<>("images", partition, offset, null, null);
    record.headers().add("ce_dataref", new byte[] {'x'});
    return add(record);
  }

  private Work add(ConsumerRecord<byte[], byte[]> record) {
    Work work = new Work(record, "id");
    inFlight.add(work);
    return work;
  }
}
