package dev.mekiki.query.rematch;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.Timestamps;
import dev.mekiki.query.rematch.RematchJob.ViewOf;
import dev.mekiki.runtime.generation.GenerationGeometry;
import dev.mekiki.runtime.kafka.GroupProgress;
import dev.mekiki.runtime.kafka.KafkaClients;
import dev.mekiki.schemas.image.ImageId;
import dev.mekiki.schemas.topic.Topics;
import dev.mekiki.schemas.v1.CopyCandidate;
import dev.mekiki.schemas.v1.CopyImage;
import dev.mekiki.schemas.v1.ImageLandmarks;
import dev.mekiki.schemas.v1.Rematch;
import dev.mekiki.schemas.v1.RematchProgress;
import dev.mekiki.schemas.v1.StoredImageLandmarks;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/// Reads the landmarks of all images from their topic, which is compacted, and has each partition
/// of landmarks look up the earlier images that they may be copies of. Those pairs are verified by
/// encoders, as those of arrivals are; this waits until they were. For one thread.
final class CopyPass implements Pass {
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(1);

  private final GenerationGeometry geometry;
  private final ViewOf view;
  private final Topics topics;
  private final String landmarks;
  private final Rematch job;
  private final Preparation prepared;
  private final CopyLookUp lookUp;
  private final GroupProgress groups;
  private final KafkaConsumer<byte[], byte[]> consumer;

  private int partition;
  private long offset;

  /// The partition that is read, and where it ended when that began; -1 for none.
  private int reading = -1;

  private long end;
  private final Deque<ConsumerRecord<byte[], byte[]>> waiting = new ArrayDeque<>();

  /// Where the topic of pairs ended once all were written.
  private @Nullable List<Long> written;

  /// @param job what is asked for
  /// @param prepared says which images are settled
  /// @param progress where to go on
  CopyPass(
      GenerationGeometry geometry,
      ViewOf view,
      KafkaClients clients,
      Topics topics,
      Rematch job,
      Preparation prepared,
      RematchProgress progress) {
    this.geometry = geometry;
    this.view = view;
    this.topics = topics;
    this.landmarks = topics.imageLandmarks(geometry.network());
    this.job = job;
    this.prepared = prepared;
    this.lookUp = new CopyLookUp(geometry.id(), prepared, job.hasSince() ? job.getSince() : null);
    this.groups = new GroupProgress(clients);
    this.consumer =
        new KafkaConsumer<>(
            clients.consumer(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    partition = progress.getCopies() ? progress.getPartition() : 0;
    offset = progress.getCopies() ? progress.getOffset() : 0;
  }

  @Override
  public @Nullable Outcome next(int most) {
    if (partition >= prepared.landmarkPartitions()) {
      return awaitVerified();
    }
    readOn();
    List<ConsumerRecord<byte[], byte[]>> batch = new ArrayList<>();
    List<StoredImageLandmarks> images = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : waiting) {
      if (images.size() >= most) {
        break;
      }
      batch.add(record);
      @Nullable StoredImageLandmarks image = image(record);
      if (image != null) {
        images.add(image);
      }
    }
    List<CopyCandidate> found =
        images.isEmpty() ? List.of() : lookUp.candidates(view.of(geometry), images);
    for (ConsumerRecord<byte[], byte[]> record : batch) {
      offset = record.offset() + 1;
    }
    batch.forEach(_ -> waiting.remove());
    if (waiting.isEmpty() && consumer.position(new TopicPartition(landmarks, partition)) >= end) {
      partition++;
      offset = 0;
    }
    long stored = batch.stream().filter(record -> record.value() != null).count();
    return Outcome.candidates(found, images.size(), stored);
  }

  /// Reads where nothing waits.
  private void readOn() {
    if (reading != partition) {
      TopicPartition next = new TopicPartition(landmarks, partition);
      List<TopicPartition> one = List.of(next);
      consumer.assign(one);
      consumer.seek(
          next,
          Math.max(offset, consumer.beginningOffsets(one, ANSWER_LIMIT).getOrDefault(next, 0L)));
      end = consumer.endOffsets(one, ANSWER_LIMIT).getOrDefault(next, 0L);
      reading = partition;
    }
    if (waiting.isEmpty()) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        // What came later is no settled image's.
        if (record.offset() < end) {
          waiting.add(record);
        }
      }
    }
  }

  /// Null for a record that is of no image, or of none that is asked for.
  private @Nullable StoredImageLandmarks image(ConsumerRecord<byte[], byte[]> record) {
    if (record.value() == null) {
      return null;
    }
    try {
      String id = ImageId.parse(record.key()).value();
      ImageLandmarks parsed = ImageLandmarks.parseFrom(record.value());
      return isWanted(parsed.getImage())
          ? StoredImageLandmarks.newBuilder().setImageId(id).setLandmarks(parsed).build()
          : null;
    } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
      // Index instances have left it out, too.
      return null;
    }
  }

  private boolean isWanted(CopyImage image) {
    boolean isOfTenant = !job.hasTenant() || image.getTenant().equals(job.getTenant());
    boolean isSince =
        !job.hasSince()
            || (Timestamps.isValid(image.getImageTime())
                && Timestamps.compare(image.getImageTime(), job.getSince()) >= 0);
    return isOfTenant && isSince && !image.getMute();
  }

  private @Nullable Outcome awaitVerified() {
    List<Long> all = written;
    if (all == null) {
      all = groups.ends(topics.copyCandidates());
      written = all;
    }
    return groups.isPast(topics.verifyGroup(), topics.copyCandidates(), all)
        ? null
        : Outcome.waits("waits until encoders have verified the copies that were found");
  }

  @Override
  public void describe(RematchProgress.Builder progress) {
    progress.setCopies(true).setPartition(partition).setOffset(offset);
  }

  @Override
  public void close() {
    groups.close();
    consumer.close(CloseOptions.timeout(CLOSE_LIMIT));
  }
}
