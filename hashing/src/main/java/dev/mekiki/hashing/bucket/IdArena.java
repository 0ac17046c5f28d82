package dev.mekiki.hashing.bucket;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Image ids as UTF-8, one after the other in large arrays: two bytes of length, the bytes, and up
/// to three of padding to a multiple of 4. A freed place is used for the next id of the same size.
///
/// One thread adds and frees; readers read any id that is not freed. A reference is the place
/// divided by 4, unsigned, so an arena holds 16 GiB.
final class IdArena {
  private static final int UNIT = 4;
  private static final int CHUNK_UNIT_BITS = 18;
  private static final int CHUNK_UNITS = 1 << CHUNK_UNIT_BITS;
  private static final int FIRST_CHUNK_BYTES = 1 << 10;
  private static final int LENGTH_BYTES = 2;
  private static final long MAX_UNITS = 1L << Integer.SIZE;

  private volatile byte[][] chunks = {new byte[FIRST_CHUNK_BYTES]};

  /// The next unit never used. Unit 0 stays empty: no id has the reference 0.
  private long end = 1;

  private @Nullable IntStack[] free = new IntStack[0];

  /// @param id at most 65,535 bytes
  int add(byte[] id) {
    int units = units(id.length);
    IntStack reusable = units < free.length ? free[units] : null;
    int ref = reusable == null || reusable.isEmpty() ? allocate(units) : reusable.pop();
    byte[] chunk = chunk(ref);
    int at = at(ref);
    chunk[at] = (byte) id.length;
    chunk[at + 1] = (byte) (id.length >>> Byte.SIZE);
    System.arraycopy(id, 0, chunk, at + LENGTH_BYTES, id.length);
    return ref;
  }

  void free(int ref) {
    int units = units(length(chunk(ref), at(ref)));
    if (units >= free.length) {
      free = Arrays.copyOf(free, units + 1);
    }
    IntStack reusable = free[units];
    if (reusable == null) {
      reusable = new IntStack();
      free[units] = reusable;
    }
    reusable.push(ref);
  }

  private int allocate(int units) {
    if ((end & (CHUNK_UNITS - 1)) + units > CHUNK_UNITS) {
      end = (end | (CHUNK_UNITS - 1)) + 1;
    }
    if (end + units > MAX_UNITS) {
      throw new IllegalStateException(
          "image ids of one partition: %d bytes (limit: %d; spread the images over more partitions)"
              .formatted((end + units) * UNIT, MAX_UNITS * UNIT));
    }
    int number = (int) (end >>> CHUNK_UNIT_BITS);
    int bytes = (int) ((end & (CHUNK_UNITS - 1)) + units) * UNIT;
    byte[][] present = chunks;
    if (number == present.length) {
      byte[][] more = Arrays.copyOf(present, number + 1);
      more[number] = new byte[CHUNK_UNITS * UNIT];
      chunks = more;
    } else if (bytes > present[number].length) {
      // Only the first chunk starts small. Readers of the old array find the same ids in it.
      byte[][] grown = present.clone();
      grown[number] =
          Arrays.copyOf(
              present[number],
              Math.min(CHUNK_UNITS * UNIT, Math.max(bytes, 2 * present[number].length)));
      chunks = grown;
    }
    int ref = (int) end;
    end += units;
    return ref;
  }

  String string(int ref) {
    byte[] chunk = chunk(ref);
    int at = at(ref);
    return new String(chunk, at + LENGTH_BYTES, length(chunk, at), StandardCharsets.UTF_8);
  }

  boolean equals(int ref, byte[] id) {
    byte[] chunk = chunk(ref);
    int at = at(ref);
    int length = length(chunk, at);
    int from = at + LENGTH_BYTES;
    return length == id.length && Arrays.equals(chunk, from, from + length, id, 0, length);
  }

  /// The order of unsigned bytes, which is that of image ids.
  int compare(int a, int b) {
    byte[] chunkA = chunk(a);
    byte[] chunkB = chunk(b);
    int fromA = at(a) + LENGTH_BYTES;
    int fromB = at(b) + LENGTH_BYTES;
    return Arrays.compareUnsigned(
        chunkA, fromA, fromA + length(chunkA, at(a)), chunkB, fromB, fromB + length(chunkB, at(b)));
  }

  /// Reads the start of an id, to have it in the cache when it is compared.
  int touch(int ref) {
    return chunk(ref)[at(ref)];
  }

  long hash(int ref) {
    byte[] chunk = chunk(ref);
    int at = at(ref);
    return Hashes.of(chunk, at + LENGTH_BYTES, length(chunk, at));
  }

  static long hash(byte[] id) {
    return Hashes.of(id, 0, id.length);
  }

  private byte[] chunk(int ref) {
    return chunks[ref >>> CHUNK_UNIT_BITS];
  }

  private static int at(int ref) {
    return (ref & (CHUNK_UNITS - 1)) * UNIT;
  }

  private static int length(byte[] chunk, int at) {
    return (chunk[at] & 0xFF) | ((chunk[at + 1] & 0xFF) << Byte.SIZE);
  }

  private static int units(int length) {
    return (length + LENGTH_BYTES + UNIT - 1) / UNIT;
  }

  long bytes() {
    long bytes = 0;
    for (byte[] chunk : chunks) {
      bytes += chunk.length;
    }
    return bytes;
  }
}
