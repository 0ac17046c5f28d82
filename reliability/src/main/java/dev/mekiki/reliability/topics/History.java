package dev.mekiki.reliability.topics;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.pdq.Fingerprint;
import dev.mekiki.launcher.endtoend.PoisonRecords;
import dev.mekiki.schemas.image.ImageHeaders;
import dev.mekiki.schemas.topic.DeadLetterHeaders;
import dev.mekiki.schemas.topic.Topics;
import dev.mekiki.schemas.v1.ImageCode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/// What happened to each image, by `images`, `image-codes` and `images.dlq` alone.
///
/// What is wrong with these topics themselves is in {@link #defects}: a record of which nothing has
/// become, or two things; codes that are not in the order of their images. Read once, then
/// immutable.
public final class History {
  private final String operationHeader;
  private final Map<Place, ImageRecord> records = new LinkedHashMap<>();
  private final Map<String, List<ImageRecord>> byId = new HashMap<>();
  private final Map<Place, ImageCode> codes = new HashMap<>();
  private final Map<String, Place> lastCode = new HashMap<>();
  private final Map<Place, String> deadLetters = new HashMap<>();
  private final Map<Place, Revision> revisions = new LinkedHashMap<>();
  private final Map<String, Revision> present = new LinkedHashMap<>();
  private final List<String> defects = new ArrayList<>();
  private int poison;

  private History(String operationHeader) {
    this.operationHeader = operationHeader;
  }

  /// Reads the topics as they are now.
  ///
  /// @param operationHeader the header of a record that says which operation sent it
  public static History read(String bootstrapServers, TopicNames names, String operationHeader) {
    Topics topics = Topics.withDefaultPrefix();
    TopicReader reader = new TopicReader(bootstrapServers);
    History history = new History(operationHeader);
    reader.read(topics.images(), true, history::image);
    reader.read(names.imageCodes(), true, history::code);
    reader.read(topics.imagesDlq(), true, history::deadLetter);
    history.byId.values().forEach(history::follow);
    return history;
  }

  /// That of given records.
  ///
  /// @param operationHeader the header of a record that says which operation sent it
  public static History of(
      List<ConsumerRecord<byte[], byte[]>> images,
      List<ConsumerRecord<byte[], byte[]>> codes,
      List<ConsumerRecord<byte[], byte[]>> deadLetters,
      String operationHeader) {
    History history = new History(operationHeader);
    images.forEach(history::image);
    codes.forEach(history::code);
    deadLetters.forEach(history::deadLetter);
    history.byId.values().forEach(history::follow);
    return history;
  }

  private void image(ConsumerRecord<byte[], byte[]> record) {
    if (PoisonRecords.isPoison(record.key())) {
      poison++;
      return;
    }
    Header operation = record.headers().lastHeader(operationHeader);
    Header tenant = record.headers().lastHeader(ImageHeaders.TENANT);
    ImageRecord image =
        new ImageRecord(
            new String(record.key(), StandardCharsets.UTF_8),
            new Place(record.partition(), record.offset()),
            record.timestamp(),
            tenant == null ? "" : text(tenant),
            record.value() == null ? null : sha256(record.value()),
            operation == null ? null : (Integer) Integer.parseInt(text(operation)));
    records.put(image.place(), image);
    byId.computeIfAbsent(image.id(), _ -> new ArrayList<>()).add(image);
  }

  private void code(ConsumerRecord<byte[], byte[]> record) {
    if (PoisonRecords.isPoison(record.key()) || record.value() == null) {
      return;
    }
    String id = new String(record.key(), StandardCharsets.UTF_8);
    ImageCode code;
    try {
      code = ImageCode.parseFrom(record.value());
    } catch (InvalidProtocolBufferException e) {
      defects.add("code of '%s' cannot be read: %s".formatted(id, e.getMessage()));
      return;
    }
    Place source = Place.of(code.getSource());
    if (codes.put(source, code) != null) {
      defects.add("image %s of '%s' was encoded twice".formatted(source, id));
    }
    Place before = lastCode.put(id, source);
    if (before != null && before.offset() >= source.offset()) {
      defects.add("codes of '%s' are out of order: %s after %s".formatted(id, source, before));
    }
  }

  private void deadLetter(ConsumerRecord<byte[], byte[]> record) {
    if (PoisonRecords.isPoison(record.key())) {
      return;
    }
    Place source =
        new Place(
            Integer.parseInt(text(record.headers().lastHeader(DeadLetterHeaders.PARTITION))),
            Long.parseLong(text(record.headers().lastHeader(DeadLetterHeaders.OFFSET))));
    String reason = text(record.headers().lastHeader(DeadLetterHeaders.ERROR));
    if (deadLetters.put(source, reason) != null) {
      defects.add("image %s has two dead letters".formatted(source));
    }
  }

  /// Finds the revisions of one image.
  private void follow(List<ImageRecord> images) {
    Revision current = null;
    for (ImageRecord image : images) {
      String sha256 = image.sha256();
      ImageCode code = codes.get(image.place());
      boolean dead = deadLetters.containsKey(image.place());
      if (sha256 == null) {
        current = end(current, image);
      } else if (code == null) {
        if (!dead) {
          defects.add(
              "image %s of '%s' was lost: no code, no dead letter"
                  .formatted(image.place(), image.id()));
        }
      } else {
        check(image, code, dead);
        HashCode hashCode = HashCode.fromBytes(code.getHashCode().toByteArray());
        if (current != null && current.sha256().equals(sha256)) {
          current.codes().add(hashCode);
        } else {
          var _ = end(current, image);
          current = begin(image, sha256, code, hashCode);
        }
      }
    }
    if (current != null) {
      present.put(current.id(), current);
    }
  }

  private void check(ImageRecord image, ImageCode code, boolean dead) {
    if (dead) {
      defects.add("image %s has a code and a dead letter".formatted(image.place()));
    }
    if (!code.getTenant().equals(image.tenant())) {
      defects.add(
          "code of image %s is of tenant '%s', not '%s'"
              .formatted(image.place(), code.getTenant(), image.tenant()));
    }
    if (!HexFormat.of().formatHex(code.getSha256().toByteArray()).equals(image.sha256())) {
      defects.add("code of image %s is of other bytes".formatted(image.place()));
    }
  }

  private Revision begin(ImageRecord image, String sha256, ImageCode code, HashCode hashCode) {
    Revision begun =
        new Revision(
            image.id(),
            image.place(),
            null,
            image.tenant(),
            image.timestamp(),
            sha256,
            new Fingerprint(
                HashCode.fromBytes(code.getFingerprint().toByteArray()),
                code.getFingerprintQuality()),
            new ArrayList<>(List.of(hashCode)));
    revisions.put(begun.place(), begun);
    return begun;
  }

  private @Nullable Revision end(@Nullable Revision revision, ImageRecord by) {
    if (revision != null) {
      revisions.put(
          revision.place(),
          new Revision(
              revision.id(),
              revision.place(),
              by.place(),
              revision.tenant(),
              revision.time(),
              revision.sha256(),
              revision.fingerprint(),
              revision.codes()));
    }
    return null;
  }

  private static String text(Header header) {
    return new String(header.value(), StandardCharsets.UTF_8);
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /// All records on `images` but poison, those of one partition in their order.
  public Map<Place, ImageRecord> records() {
    return records;
  }

  /// The records of one image, in their order; none where it was never sent.
  public List<ImageRecord> records(String id) {
    return byId.getOrDefault(id, List.of());
  }

  /// All images that were ever sent.
  public Set<String> ids() {
    return byId.keySet();
  }

  /// All revisions that are or were, by what began them.
  public Map<Place, Revision> revisions() {
    return revisions;
  }

  /// The revisions that are there at the end, by image id.
  public Map<String, Revision> present() {
    return present;
  }

  /// Why images could not be encoded, by their places.
  public Map<Place, String> deadLetters() {
    return deadLetters;
  }

  /// What is wrong with the topics themselves, one sentence each.
  public List<String> defects() {
    return defects;
  }

  /// Records on `images` that were made to be of no use.
  public int poison() {
    return poison;
  }
}
