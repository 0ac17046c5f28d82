package dev.mekiki.hashing.bucket;

import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.pdq.Fingerprint;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The columns of a chunk, one element a row; two for halves of fingerprints.
final class Columns {
  /// Words of half a fingerprint.
  static final int HALF_WORDS = Fingerprint.BITS / Long.SIZE / 2;

  private static final int FIELDS = 2;
  private static final VarHandle STATE = MethodHandles.arrayElementVarHandle(int[].class);

  /// Words 0 and 1 of each fingerprint. Unrelated ones differ by more than any radius in these
  /// alone, so that a scan reads half of the memory.
  final long[] firstHalves;

  /// Words 2 and 3.
  final long[] secondHalves;

  /// State and id of each row: a search that reads one reads the other.
  final int[] fields;

  /// Null while no code of the chunk's rows has a second row.
  final int @Nullable [] next;

  /// Null while no row of the chunk has filterable metadata.
  final int @Nullable [] metadata;

  Columns(int capacity) {
    this(
        new long[capacity * HALF_WORDS],
        new long[capacity * HALF_WORDS],
        new int[capacity * FIELDS],
        null,
        null);
  }

  private Columns(
      long[] firstHalves,
      long[] secondHalves,
      int[] fields,
      int @Nullable [] next,
      int @Nullable [] metadata) {
    this.firstHalves = firstHalves;
    this.secondHalves = secondHalves;
    this.fields = fields;
    this.next = next;
    this.metadata = metadata;
  }

  int capacity() {
    return fields.length / FIELDS;
  }

  Columns withCapacity(int capacity) {
    return new Columns(
        Arrays.copyOf(firstHalves, capacity * HALF_WORDS),
        Arrays.copyOf(secondHalves, capacity * HALF_WORDS),
        Arrays.copyOf(fields, capacity * FIELDS),
        next == null ? null : Arrays.copyOf(next, capacity),
        metadata == null ? null : Arrays.copyOf(metadata, capacity));
  }

  Columns withNext() {
    return new Columns(firstHalves, secondHalves, fields, new int[capacity()], metadata);
  }

  Columns withMetadata() {
    return new Columns(firstHalves, secondHalves, fields, next, new int[capacity()]);
  }

  /// Distance of a fingerprint; a distance above the limit may be given as any number above it.
  int fingerprintDistance(int offset, long[] query, int limit) {
    int at = offset * HALF_WORDS;
    int half =
        Long.bitCount(firstHalves[at] ^ query[0]) + Long.bitCount(firstHalves[at + 1] ^ query[1]);
    return half > limit
        ? half
        : half
            + Long.bitCount(secondHalves[at] ^ query[2])
            + Long.bitCount(secondHalves[at + 1] ^ query[3]);
  }

  /// Word 0 to 3 of a fingerprint.
  long fingerprintWord(int offset, int word) {
    return (word < HALF_WORDS ? firstHalves : secondHalves)
        [offset * HALF_WORDS + word % HALF_WORDS];
  }

  int id(int offset) {
    return fields[offset * FIELDS + 1];
  }

  /// The link to the next row.
  int next(int offset) {
    return next == null ? Rows.NONE : next[offset];
  }

  /// Fills a row but for its state and link.
  void fill(int offset, HashCode fingerprint, int id, int attributes) {
    for (int word = 0; word < HALF_WORDS; word++) {
      firstHalves[offset * HALF_WORDS + word] = fingerprint.word(word);
      secondHalves[offset * HALF_WORDS + word] = fingerprint.word(HALF_WORDS + word);
    }
    fields[offset * FIELDS + 1] = id;
    if (metadata != null) {
      metadata[offset] = attributes;
    }
  }

  /// For the writer.
  int state(int offset) {
    return fields[offset * FIELDS];
  }

  /// For readers: what the state refers to is complete.
  int stateAcquired(int offset) {
    return (int) STATE.getAcquire(fields, offset * FIELDS);
  }

  void setState(int offset, int state) {
    STATE.setRelease(fields, offset * FIELDS, state);
  }

  /// The metadata of a row.
  int metadata(int offset) {
    return metadata == null ? MetadataTable.EMPTY : metadata[offset];
  }

  long bytes() {
    int ints = FIELDS + (next == null ? 0 : 1) + (metadata == null ? 0 : 1);
    return (long) capacity() * (2L * HALF_WORDS * Long.BYTES + (long) ints * Integer.BYTES);
  }
}
