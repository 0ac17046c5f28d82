package dev.mekiki.hashing.bucket;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/// The distinct codes of a bucket at one distance from its center, packed in chunks, and of each
/// code the first of its rows.
///
/// A code is referred to by the place that {@link Codes} gives it. The place of a code without rows
/// stays where it is until another code takes it: a scan compares it and finds no row.
///
/// One thread writes; readers scan.
final class Shell {
  static final int CHUNK_CODES = 1 << 13;
  private static final int FIRST_CAPACITY = 8;
  private static final int LATER_CAPACITY = 256;
  private static final VarHandle HEAD = MethodHandles.arrayElementVarHandle(int[].class);

  final Bucket bucket;
  final int distance;
  private final int words;
  volatile Chunk[] chunks = {};

  /// Codes that have rows; replaced codes leave it before their place is used again.
  int liveCodes;

  /// For the writer: rows that have not died.
  int liveRows;

  private final IntStack freeCodes = new IntStack();

  Shell(Bucket bucket, int distance, int words) {
    this.bucket = bucket;
    this.distance = distance;
    this.words = words;
  }

  /// Up to 8192 codes. Columns are replaced by longer ones as it fills; readers read the size first
  /// and the columns then.
  static final class Chunk {
    final Shell shell;
    volatile Columns columns;
    volatile int size;

    /// For the writer: the reference of the first code of each unit, see {@link Codes}.
    int[] unitRefs = {};

    Chunk(Shell shell, int capacity) {
      this.shell = shell;
      this.columns = new Columns(shell.words, capacity);
    }
  }

  /// Word w of code i at `codes[w * capacity + i]`, its first row at `heads[i]`.
  static final class Columns {
    final long[] codes;
    final int[] heads;

    private Columns(int words, int capacity) {
      this(new long[words * capacity], new int[capacity]);
    }

    private Columns(long[] codes, int[] heads) {
      this.codes = codes;
      this.heads = heads;
    }

    int capacity() {
      return heads.length;
    }

    private Columns withCapacity(int words, int capacity) {
      Columns grown = new Columns(words, capacity);
      for (int word = 0; word < words; word++) {
        System.arraycopy(codes, word * capacity(), grown.codes, word * capacity, capacity());
      }
      System.arraycopy(heads, 0, grown.heads, 0, heads.length);
      return grown;
    }

    int head(int offset) {
      return (int) HEAD.getAcquire(heads, offset);
    }

    void setHead(int offset, int row) {
      HEAD.setRelease(heads, offset, row);
    }

    boolean equals(int offset, long[] code) {
      for (int word = 0; word < code.length; word++) {
        if (codes[word * heads.length + offset] != code[word]) {
          return false;
        }
      }
      return true;
    }

    int distance(int offset, long[] code) {
      int distance = 0;
      for (int word = 0; word < code.length; word++) {
        distance += Long.bitCount(codes[word * heads.length + offset] ^ code[word]);
      }
      return distance;
    }

    long hash(int offset, int words) {
      long hash = 0;
      for (int word = 0; word < words; word++) {
        hash = Hashes.combine(hash, codes[word * heads.length + offset]);
      }
      return hash;
    }
  }

  /// The reference of a code whose place is free, {@link Codes#NONE} if there is none.
  int takeFree() {
    return freeCodes.isEmpty() ? Codes.NONE : freeCodes.pop();
  }

  /// The last chunk, with room for one more code.
  Chunk chunkWithRoom() {
    Chunk last = chunks.length == 0 ? null : chunks[chunks.length - 1];
    if (last == null || last.size == CHUNK_CODES) {
      last = new Chunk(this, chunks.length == 0 ? FIRST_CAPACITY : LATER_CAPACITY);
      Chunk[] more = Arrays.copyOf(chunks, chunks.length + 1);
      more[chunks.length] = last;
      chunks = more;
    }
    int capacity = last.columns.capacity();
    if (last.size == capacity) {
      last.columns =
          last.columns.withCapacity(
              words, Math.min(CHUNK_CODES, capacity + Math.max(8, capacity / 4)));
    }
    return last;
  }

  /// A code whose place no reader reaches any more.
  void free(int code) {
    freeCodes.push(code);
  }

  long bytes() {
    long bytes = freeCodes.bytes() + OVERHEAD_BYTES;
    for (Chunk chunk : chunks) {
      bytes +=
          (long) chunk.columns.capacity() * (words * Long.BYTES + Integer.BYTES)
              + (long) chunk.unitRefs.length * Codes.UNIT_BYTES
              + CHUNK_OVERHEAD_BYTES;
    }
    return bytes;
  }

  private static final int OVERHEAD_BYTES = 64;
  private static final int CHUNK_OVERHEAD_BYTES = 88;
}
