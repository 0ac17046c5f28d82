package dev.mekiki.hashing.bucket;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Blocks of ints, cut from large arrays. The place of a freed block is used for the next block of
/// its size, or cut for smaller ones. For one thread.
///
/// A reference is the place of a block, unsigned and never 0, so that all blocks hold 16 GiB. Block
/// `ref` begins at `chunk(ref)[at(ref)]`.
final class IntBlocks {
  /// Sizes are multiples of this, and so are places: what a vector kernel reads at once.
  static final int UNIT = 16;

  /// The largest size.
  static final int MAX_SIZE = 1 << 10;

  private static final int CHUNK_BITS = 15;
  private static final int CHUNK_INTS = 1 << CHUNK_BITS;

  private int[][] chunks = {new int[CHUNK_INTS]};
  private int chunkCount = 1;

  /// The next place never used. The first is left out: no block has the reference 0.
  private long end = UNIT;

  private final @Nullable IntStack[] free = new IntStack[MAX_SIZE / UNIT + 1];

  /// A bit for each size: whether a block of it is free.
  private final long[] freed = new long[MAX_SIZE / UNIT / Long.SIZE + 1];

  /// @param size a multiple of {@link #UNIT}, at most {@link #MAX_SIZE}
  int allocate(int size) {
    IntStack same = free[size / UNIT];
    if (same != null && !same.isEmpty()) {
      return pop(same, size);
    }
    int largest = largestFree();
    IntStack larger = free[largest / UNIT];
    if (larger == null || largest < 2 * size) {
      return append(size);
    }
    int ref = pop(larger, largest);
    free(ref + size, largest - size);
    return ref;
  }

  private int append(int size) {
    int left = CHUNK_INTS - (int) (end & (CHUNK_INTS - 1));
    if (left < size) {
      free((int) end, left);
      end += left;
    }
    if (end + size > 1L << Integer.SIZE) {
      throw new IllegalStateException(
          "fingerprint lists: %d ints (limit: %d; spread the images over more partitions)"
              .formatted(end + size, 1L << Integer.SIZE));
    }
    int ref = (int) end;
    end += size;
    if (ref >>> CHUNK_BITS == chunkCount) {
      if (chunkCount == chunks.length) {
        chunks = Arrays.copyOf(chunks, chunkCount + Math.max(1, chunkCount / 4));
      }
      chunks[chunkCount++] = new int[CHUNK_INTS];
    }
    return ref;
  }

  void free(int ref, int size) {
    if (size == 0) {
      return;
    }
    IntStack stack = free[size / UNIT];
    if (stack == null) {
      stack = new IntStack();
      free[size / UNIT] = stack;
    }
    stack.push(ref);
    freed[size / UNIT / Long.SIZE] |= 1L << (size / UNIT);
  }

  private int pop(IntStack stack, int size) {
    int ref = stack.pop();
    if (stack.isEmpty()) {
      freed[size / UNIT / Long.SIZE] &= ~(1L << (size / UNIT));
    }
    return ref;
  }

  /// The largest size of which a block is free, 0 if there is none.
  private int largestFree() {
    for (int word = freed.length - 1; word >= 0; word--) {
      if (freed[word] != 0) {
        return (word * Long.SIZE + Long.SIZE - 1 - Long.numberOfLeadingZeros(freed[word])) * UNIT;
      }
    }
    return 0;
  }

  static int roundedUp(int size) {
    return (size + UNIT - 1) & -UNIT;
  }

  int[] chunk(int ref) {
    return chunks[ref >>> CHUNK_BITS];
  }

  static int at(int ref) {
    return ref & (CHUNK_INTS - 1);
  }

  long bytes() {
    long bytes =
        (long) chunks.length * Integer.BYTES
            + chunkCount * (16 + (long) CHUNK_INTS * Integer.BYTES);
    for (IntStack stack : free) {
      bytes += stack == null ? 0 : stack.bytes();
    }
    return bytes;
  }
}
