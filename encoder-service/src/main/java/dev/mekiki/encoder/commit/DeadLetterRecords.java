package dev.mekiki.encoder.commit;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.mekiki.encoder.record.DeadLetter;
import dev.mekiki.encoder.record.HeaderSizes;
import dev.mekiki.schemas.image.ImageHeaders;
import dev.mekiki.schemas.text.BoundedText;
import dev.mekiki.schemas.topic.DeadLetterHeaders;
import dev.mekiki.schemas.topic.TopicSpec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/// Makes records of `images.dlq` that fit their topic, whatever the original record holds.
///
/// A dead letter holds the original key, value and headers, and Mekiki's own headers, see {@link
/// DeadLetterHeaders}. Where that is too large, these are left out, in this order and only as far
/// as needed: the largest headers beyond {@link TopicSpec#METADATA_BYTES} in all; the value; the
/// key. The header {@link DeadLetterHeaders#TRUNCATED} says what is missing. That a record was a
/// retry, {@link ImageHeaders#RETRY_OF}, is never left out.
final class DeadLetterRecords {
  // Upper bounds of Kafka's record format, version 2: batch header, and a record's own lengths,
  // attributes and deltas with the lengths of key and value.
  private static final int BATCH_BYTES = 61;
  private static final int RECORD_BYTES = 31;

  private final String topic;
  private final int maxBytes;

  /// @param topic `images.dlq`
  /// @param maxBytes the largest record that it takes
  DeadLetterRecords(String topic, int maxBytes) {
    this.topic = topic;
    this.maxBytes = maxBytes;
  }

  /// A dead letter with as much of the original record as fits.
  ProducerRecord<byte[], byte[]> complete(
      ConsumerRecord<byte[], byte[]> original, DeadLetter deadLetter) {
    List<Header> all = headersOf(original);
    List<Header> some = within(all, TopicSpec.METADATA_BYTES);
    byte[] value = original.value();
    byte[] key = original.key();
    List<Parts> choices =
        List.of(
            new Parts(key, value, all),
            new Parts(key, value, some),
            new Parts(key, null, all),
            new Parts(key, null, some),
            new Parts(null, null, some));
    Headers own = own(original, deadLetter);
    Parts whole = choices.getFirst();
    for (Parts parts : choices) {
      note(own, original, whole, parts);
      if (parts.bytes() + HeaderSizes.total(own) <= maxBytes) {
        return record(parts, own);
      }
    }
    return bare(original, deadLetter);
  }

  /// A dead letter with Mekiki's own headers alone.
  ProducerRecord<byte[], byte[]> bare(
      ConsumerRecord<byte[], byte[]> original, DeadLetter deadLetter) {
    Parts none = new Parts(null, null, List.of());
    Headers own = own(original, deadLetter);
    note(own, original, new Parts(original.key(), original.value(), headersOf(original)), none);
    return record(none, own);
  }

  private ProducerRecord<byte[], byte[]> record(Parts parts, Headers own) {
    Headers headers = new RecordHeaders(parts.headers.toArray(Header[]::new));
    own.forEach(headers::add);
    return new ProducerRecord<>(topic, null, parts.key, parts.value, headers);
  }

  private static List<Header> headersOf(ConsumerRecord<byte[], byte[]> original) {
    List<Header> headers = new ArrayList<>();
    for (Header header : original.headers()) {
      // A dead letter that some program has sent again as it was has the headers of the first one:
      // they are replaced.
      if (!DeadLetterHeaders.ALL.contains(header.key())
          && !header.key().equals(ImageHeaders.RETRY_OF)) {
        headers.add(header);
      }
    }
    return headers;
  }

  /// The headers, in their order, without as many of the largest as are needed to fit a limit.
  private static List<Header> within(List<Header> headers, long limit) {
    long total = headers.stream().mapToLong(HeaderSizes::of).sum();
    if (total <= limit) {
      return headers;
    }
    List<Integer> largestFirst = new ArrayList<>();
    for (int i = 0; i < headers.size(); i++) {
      largestFirst.add(i);
    }
    largestFirst.sort(
        Comparator.comparingLong((Integer i) -> HeaderSizes.of(headers.get(i))).reversed());
    Set<Integer> dropped = new HashSet<>();
    for (int i : largestFirst) {
      if (total <= limit) {
        break;
      }
      dropped.add(i);
      total -= HeaderSizes.of(headers.get(i));
    }
    List<Header> kept = new ArrayList<>();
    for (int i = 0; i < headers.size(); i++) {
      if (!dropped.contains(i)) {
        kept.add(headers.get(i));
      }
    }
    return kept;
  }

  private static Headers own(ConsumerRecord<byte[], byte[]> original, DeadLetter deadLetter) {
    Headers own = new RecordHeaders();
    put(own, DeadLetterHeaders.TOPIC, original.topic());
    put(own, DeadLetterHeaders.PARTITION, Integer.toString(original.partition()));
    put(own, DeadLetterHeaders.OFFSET, Long.toString(original.offset()));
    put(own, DeadLetterHeaders.ERROR, deadLetter.reason().name());
    put(own, DeadLetterHeaders.MESSAGE, deadLetter.message());
    Header retryOf = original.headers().lastHeader(ImageHeaders.RETRY_OF);
    if (retryOf != null && retryOf.value() != null) {
      put(own, ImageHeaders.RETRY_OF, BoundedText.message(retryOf.value()));
    }
    return own;
  }

  /// Says in the headers what is left out.
  private static void note(
      Headers own, ConsumerRecord<byte[], byte[]> original, Parts whole, Parts parts) {
    own.remove(DeadLetterHeaders.TRUNCATED);
    own.remove(DeadLetterHeaders.KEY);
    List<String> missing = new ArrayList<>();
    byte[] key = original.key();
    if (key != null && parts.key == null) {
      missing.add("key of %d bytes".formatted(key.length));
      put(own, DeadLetterHeaders.KEY, BoundedText.quote(key));
    }
    byte[] value = original.value();
    if (value != null && parts.value == null) {
      missing.add("value of %d bytes".formatted(value.length));
    }
    int headers = whole.headers.size() - parts.headers.size();
    if (headers > 0) {
      missing.add("%d of %d headers".formatted(headers, whole.headers.size()));
    }
    if (!missing.isEmpty()) {
      put(own, DeadLetterHeaders.TRUNCATED, "left out: " + String.join(", ", missing));
    }
  }

  private static void put(Headers headers, String name, String value) {
    headers.add(name, value.getBytes(UTF_8));
  }

  /// What of the original record a dead letter holds.
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Parts(byte @Nullable [] key, byte @Nullable [] value, List<Header> headers) {
    long bytes() {
      return BATCH_BYTES
          + RECORD_BYTES
          + (key == null ? 0L : key.length)
          + (value == null ? 0L : value.length)
          + headers.stream().mapToLong(HeaderSizes::of).sum();
    }
  }
}
