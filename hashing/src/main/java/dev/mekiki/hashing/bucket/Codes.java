package dev.mekiki.hashing.bucket;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The distinct codes of a partition by value: which place a code has in which shell. For the
/// writer; readers go through shells.
final class Codes extends RefTable {
  /// No code: the first chunk has number 1.
  static final int NONE = 0;

  private final int words;
  private Shell.Chunk[] chunks = new Shell.Chunk[16];
  private int chunkCount = 1;

  /// What {@link #find} looks for.
  private long[] sought = {};

  private @Nullable Shell soughtShell;

  Codes(int words) {
    this.words = words;
  }

  /// The place of a code in its shell, {@link #NONE} where it has none. Its bucket for images homed
  /// here and its bucket for replicas are two.
  int find(Shell shell, long[] code) {
    sought = code;
    soughtShell = shell;
    return find(hash(code));
  }

  /// Gives a code that has none a place in its shell, with no row yet.
  int add(Shell shell, long[] code) {
    Integer place = shell.place();
    if (place == null) {
      if (chunkCount == chunks.length) {
        chunks = Arrays.copyOf(chunks, 2 * chunkCount);
      }
      chunks[chunkCount] = shell.addChunk(chunkCount);
      chunkCount++;
      place = shell.place();
    }
    if (place == null) {
      throw new IllegalStateException("a new chunk has no place");
    }
    int ref = place;
    Shell.Chunk chunk = chunk(ref);
    Shell.Columns columns = chunk.columns;
    int offset = Shell.offset(ref);
    for (int word = 0; word < words; word++) {
      columns.codes[word * columns.capacity() + offset] = code[word];
    }
    columns.setHead(offset, Rows.NONE);
    if (offset >= chunk.size) {
      chunk.size = offset + 1;
    }
    shell.liveCodes++;
    add(hash(code), ref);
    return ref;
  }

  /// Takes the place from a code whose rows are all gone; it is not free yet.
  void remove(int ref) {
    shell(ref).liveCodes--;
    remove(hash(ref), ref);
  }

  Shell.Columns columns(int ref) {
    return chunk(ref).columns;
  }

  Shell shell(int ref) {
    return chunk(ref).shell;
  }

  private Shell.Chunk chunk(int ref) {
    return chunks[Shell.chunkNumber(ref)];
  }

  private static long hash(long[] code) {
    long hash = 0;
    for (long word : code) {
      hash = Hashes.combine(hash, word);
    }
    return hash;
  }

  @Override
  long hash(int ref) {
    return columns(ref).hash(Shell.offset(ref), words);
  }

  @Override
  boolean isSought(int ref) {
    Shell.Chunk chunk = chunk(ref);
    return chunk.shell == soughtShell && chunk.columns.equals(Shell.offset(ref), sought);
  }
}
