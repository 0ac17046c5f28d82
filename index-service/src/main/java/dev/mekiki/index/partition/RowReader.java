package dev.mekiki.index.partition;

import dev.mekiki.hashing.bucket.IndexedImage;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.pdq.Fingerprint;
import dev.mekiki.index.metadata.FilterableKeys;
import dev.mekiki.index.record.DefectiveRecordException;
import dev.mekiki.index.record.RecordChecks;
import dev.mekiki.runtime.generation.GenerationGeometry;
import dev.mekiki.schemas.image.OriginName;
import dev.mekiki.schemas.v1.PlacedRow;
import dev.mekiki.schemas.v1.Placement;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads rows of the search structure from the bytes of a {@link PlacedRow}, without an object of
/// it between: opening a partition reads every record it has, and a row needs three fields of each.
///
/// It takes only what our own writer makes, that is each known field at most once, in ascending
/// order, with ASCII texts. Whatever looks different goes through the full parser, which alone
/// decides what is no row: so both read the same rows and refuse the same bytes.
///
/// Not thread-safe.
final class RowReader {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final int VARINT = 0;
  private static final int LENGTH_DELIMITED = 2;
  private static final int PLACEMENT = tag(PlacedRow.PLACEMENT_FIELD_NUMBER, LENGTH_DELIMITED);
  private static final int SEQUENCE = tag(PlacedRow.SEQUENCE_FIELD_NUMBER, VARINT);
  private static final int REVISION = tag(Placement.REVISION_FIELD_NUMBER, LENGTH_DELIMITED);
  private static final int HASH_CODE = tag(Placement.HASH_CODE_FIELD_NUMBER, LENGTH_DELIMITED);
  private static final int CENTER = tag(Placement.CENTER_FIELD_NUMBER, VARINT);
  private static final int SHELL = tag(Placement.SHELL_FIELD_NUMBER, VARINT);
  private static final int HOME = tag(Placement.HOME_PARTITION_FIELD_NUMBER, VARINT);
  private static final int FINGERPRINT = tag(Placement.FINGERPRINT_FIELD_NUMBER, LENGTH_DELIMITED);
  private static final int QUALITY = tag(Placement.FINGERPRINT_QUALITY_FIELD_NUMBER, VARINT);
  private static final int SHA256 = tag(Placement.SHA256_FIELD_NUMBER, LENGTH_DELIMITED);
  private static final int METADATA =
      tag(Placement.FILTERABLE_METADATA_FIELD_NUMBER, LENGTH_DELIMITED);
  private static final int MUTE = tag(Placement.MUTE_FIELD_NUMBER, VARINT);
  private static final int IMAGE_TIME = tag(Placement.IMAGE_TIME_FIELD_NUMBER, LENGTH_DELIMITED);
  private static final int ENCODED_TIME =
      tag(Placement.ENCODED_TIME_FIELD_NUMBER, LENGTH_DELIMITED);
  private static final int PLACED_TIME = tag(Placement.PLACED_TIME_FIELD_NUMBER, LENGTH_DELIMITED);

  private static final int TENANT = tag(Placement.TENANT_FIELD_NUMBER, LENGTH_DELIMITED);
  private static final int IMAGE_SOURCE =
      tag(Placement.IMAGE_SOURCE_FIELD_NUMBER, LENGTH_DELIMITED);
  private static final int EXPIRE_TIME = tag(Placement.EXPIRE_TIME_FIELD_NUMBER, LENGTH_DELIMITED);
  private static final int RENEWED_TIME =
      tag(Placement.RENEWED_TIME_FIELD_NUMBER, LENGTH_DELIMITED);
  private static final int EVENT_METADATA =
      tag(Placement.EVENT_METADATA_FIELD_NUMBER, LENGTH_DELIMITED);

  /// In place of a limit: the field is a text.
  private static final long TEXT = -1;

  /// Topic, partition and offset of a revision.
  private static final long[] REVISION_FIELDS = {TEXT, 1L << 31, Long.MAX_VALUE};

  /// Seconds to the end of year 9999, and nanoseconds. Times before 1970 are unusual here.
  private static final long[] TIME_FIELDS = {253_402_300_800L, 1_000_000_000L};

  private static final int SHA256_BYTES = 32;
  private static final int MAX_VARINT_BYTES = 10;
  private static final int UNUSUAL = -1;

  private final GenerationGeometry geometry;
  private final int bits;
  private final int partition;
  private final FilterableKeys filterable;
  private byte[] bytes = {};
  private int at;
  private int end;

  /// @param geometry the generation served
  /// @param partition the one whose placements are read
  /// @param filterable which metadata rows keep
  RowReader(GenerationGeometry geometry, int partition, FilterableKeys filterable) {
    this.geometry = geometry;
    this.bits = geometry.bits();
    this.partition = partition;
    this.filterable = filterable;
  }

  /// The row of a store's value.
  ///
  /// @throws DefectiveRecordException where the bytes are no row, or none of this generation and
  ///   partition
  IndexedImage row(String id, byte[] value) throws DefectiveRecordException {
    IndexedImage row = usual(id, value);
    return row == null
        ? PlacementRows.row(id, StoredRow.parse(value, geometry, partition).placement(), filterable)
        : row;
  }

  /// Null where something about the bytes is unusual, damaged or not.
  private @Nullable IndexedImage usual(String id, byte[] value) {
    if (!enterPlacement(value)) {
      return null;
    }
    int code = UNUSUAL;
    int fingerprint = UNUSUAL;
    int home = 0;
    int quality = 0;
    boolean hasSha256 = false;
    Map<String, String> metadata = Map.of();
    int last = 0;
    while (at < end) {
      int tag = tag();
      if (tag <= last && !(tag == last && (tag == METADATA || tag == EVENT_METADATA))) {
        return null;
      }
      last = tag;
      if (tag == HASH_CODE) {
        code = skipBytes(bits / Byte.SIZE);
        if (code == UNUSUAL) {
          return null;
        }
      } else if (tag == FINGERPRINT) {
        fingerprint = skipBytes(Fingerprint.BITS / Byte.SIZE);
        if (fingerprint == UNUSUAL) {
          return null;
        }
      } else if (tag == SHA256) {
        hasSha256 = skipBytes(SHA256_BYTES) != UNUSUAL;
      } else if (tag == HOME) {
        home = below(geometry.partitions());
        if (home == UNUSUAL) {
          return null;
        }
      } else if (tag == QUALITY) {
        quality = nonNegative();
        if (quality == UNUSUAL) {
          return null;
        }
      } else if (tag == METADATA) {
        if (metadata.isEmpty()) {
          metadata = new HashMap<>();
        }
        if (!readEntry(metadata)) {
          return null;
        }
      } else if (tag == TENANT) {
        int from = skipName();
        if (from == UNUSUAL) {
          return null;
        }
        if (at > from) {
          metadata = new HashMap<>(metadata);
          metadata.put(FilterableKeys.TENANT, text(from, at));
        }
      } else if (!skip(tag)) {
        return null;
      }
    }
    if (code == UNUSUAL
        || fingerprint == UNUSUAL
        || !hasSha256
        || quality > 100
        || home != partition) {
      return null;
    }
    return new IndexedImage(
        id,
        code(code, bits),
        new Fingerprint(code(fingerprint, Fingerprint.BITS), quality),
        metadata);
  }

  /// Passes what stands around the placement; false where it is unusual.
  private boolean enterPlacement(byte[] value) {
    bytes = value;
    at = 0;
    end = value.length;
    if (at == end || bytes[at++] != PLACEMENT) {
      return false;
    }
    int length = length();
    if (length == UNUSUAL) {
      return false;
    }
    int from = at;
    at += length;
    // No sequence stands there where it is 0.
    boolean usual =
        at == end || (bytes[at++] == SEQUENCE && skipBelow(Long.MAX_VALUE) && at == end);
    at = from;
    end = from + length;
    return usual;
  }

  /// The next tag: of one byte, or of two for fields above 15; {@link #UNUSUAL} for a longer one.
  private int tag() {
    int first = bytes[at++];
    if (first >= 0) {
      return first;
    }
    return at < end && bytes[at] > 0 ? (first & 0x7F) | (bytes[at++] << 7) : UNUSUAL;
  }

  private static int tag(int field, int wireType) {
    return field << 3 | wireType;
  }

  /// Passes a field that rows do without; false where it is unusual.
  private boolean skip(int tag) {
    if (tag == CENTER) {
      return below(geometry.centers().size()) != UNUSUAL;
    }
    if (tag == SHELL) {
      return below(bits + 1) != UNUSUAL;
    }
    if (tag == MUTE) {
      return skipVarint();
    }
    if (tag == REVISION) {
      return skipMessage(REVISION_FIELDS);
    }
    if (tag == IMAGE_SOURCE) {
      return skipName() != UNUSUAL;
    }
    if (tag == EVENT_METADATA) {
      return readEntry(null);
    }
    return (tag == IMAGE_TIME
            || tag == ENCODED_TIME
            || tag == PLACED_TIME
            || tag == EXPIRE_TIME
            || tag == RENEWED_TIME)
        && skipMessage(TIME_FIELDS);
  }

  /// Passes a message whose fields lie in range, each at most once and in order.
  ///
  /// @param limits by field: what it must be less than; {@link #TEXT} for a text
  private boolean skipMessage(long[] limits) {
    int length = length();
    if (length == UNUSUAL) {
      return false;
    }
    int outer = end;
    end = at + length;
    int last = 0;
    boolean usual = true;
    while (usual && at < end) {
      int tag = bytes[at++];
      int field = tag >> 3;
      usual = field > last && field <= limits.length;
      last = field;
      if (usual) {
        long limit = limits[field - 1];
        usual =
            limit == TEXT
                ? tag == tag(field, LENGTH_DELIMITED) && skipTopic()
                : tag == tag(field, VARINT) && skipBelow(limit);
      }
    }
    end = outer;
    return usual;
  }

  private boolean skipTopic() {
    int from = skipText();
    return from != UNUSUAL && at - from <= RecordChecks.MAX_TOPIC_CHARACTERS;
  }

  /// Passes the name of a tenant or source; its offset, or {@link #UNUSUAL}.
  private int skipName() {
    int from = skipText();
    if (from == UNUSUAL || at - from > OriginName.MAX_BYTES) {
      return UNUSUAL;
    }
    for (int i = from; i < at; i++) {
      if (Character.isISOControl(bytes[i])) {
        return UNUSUAL;
      }
    }
    return from;
  }

  /// Reads an entry of metadata; false where it is unusual.
  ///
  /// @param metadata gets it where searches may filter by it; null to pass it
  private boolean readEntry(@Nullable Map<String, String> metadata) {
    int length = length();
    if (length == UNUSUAL) {
      return false;
    }
    int outer = end;
    end = at + length;
    boolean usual = at < end && bytes[at++] == tag(1, LENGTH_DELIMITED);
    int key = usual ? skipText() : UNUSUAL;
    int keyEnd = at;
    usual = key != UNUSUAL && at < end && bytes[at++] == tag(2, LENGTH_DELIMITED);
    int value = usual ? skipText() : UNUSUAL;
    usual = value != UNUSUAL && at == end;
    end = outer;
    if (usual && metadata != null && !filterable.keys().isEmpty()) {
      String name = text(key, keyEnd);
      if (filterable.keys().contains(name)) {
        metadata.put(name, text(value, at));
      }
    }
    return usual;
  }

  private String text(int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.US_ASCII);
  }

  /// Passes a text; its offset, or {@link #UNUSUAL} where not all of it is ASCII.
  private int skipText() {
    int length = length();
    if (length == UNUSUAL) {
      return UNUSUAL;
    }
    int from = at;
    at += length;
    for (int i = from; i < at; i++) {
      if (bytes[i] < 0) {
        return UNUSUAL;
      }
    }
    return from;
  }

  /// Passes so many bytes; their offset, or {@link #UNUSUAL} where there are more or fewer.
  private int skipBytes(int expected) {
    if (length() != expected) {
      return UNUSUAL;
    }
    int from = at;
    at += expected;
    return from;
  }

  /// The length of what follows, all of which is there.
  private int length() {
    int length = nonNegative();
    return length > end - at ? UNUSUAL : length;
  }

  /// A number of at most 31 bits, or {@link #UNUSUAL}.
  private int nonNegative() {
    int number = 0;
    for (int shift = 0; shift < Integer.SIZE && at < end; shift += 7) {
      byte part = bytes[at++];
      number |= (part & 0x7F) << shift;
      if (part >= 0) {
        return number < 0 ? UNUSUAL : number;
      }
    }
    return UNUSUAL;
  }

  /// A number of at most 31 bits that is less than the limit, or {@link #UNUSUAL}.
  private int below(int limit) {
    int number = nonNegative();
    return number < limit ? number : UNUSUAL;
  }

  /// Passes a number of at most 63 bits that is less than the limit; false for any other.
  private boolean skipBelow(long limit) {
    long number = 0;
    for (int shift = 0; shift < Long.SIZE && at < end; shift += 7) {
      byte part = bytes[at++];
      number |= (part & 0x7FL) << shift;
      if (part >= 0) {
        return number >= 0 && number < limit;
      }
    }
    return false;
  }

  private boolean skipVarint() {
    for (int i = 0; i < MAX_VARINT_BYTES && at < end; i++) {
      if (bytes[at++] >= 0) {
        return true;
      }
    }
    return false;
  }

  private HashCode code(int from, int bits) {
    long[] words = new long[(bits + Long.SIZE - 1) / Long.SIZE];
    int whole = bits / Long.SIZE;
    for (int word = 0; word < whole; word++) {
      words[word] = (long) LONGS.get(bytes, from + word * Long.BYTES);
    }
    for (int i = whole * Long.BYTES; i < bits / Byte.SIZE; i++) {
      words[whole] |= (bytes[from + i] & 0xFFL) << (i % Long.BYTES * Byte.SIZE);
    }
    return HashCode.of(bits, words);
  }
}
