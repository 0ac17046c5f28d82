package dev.mekiki.encoder.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.encoder.record.Work;
import dev.mekiki.encoder.record.Work.Outcome;
import dev.mekiki.schemas.image.ImageId;
import java.util.List;
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

  private Work work(int partition, long offset) {
    Work work = new Work(new ConsumerRecord<>("images", partition, offset, null, null), "id");
    inFlight.add(work);
    return work;
  }
}
