package dev.mekiki.hashing.bucket;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The distinct codes of a partition by value: which place a code has in which shell. For the
/// writer; readers go through shells.
///
/// A reference names a *unit*, up to 256 neighbouring codes of one chunk, and a place in it. A
/// shell of one code takes one unit, so a partition has room for 8 million shells: those of 16,000
/// centers of 256 bits if every shell held a code.
final class Codes extends RefTable {
  /// No code: the first unit has number 1.
  static final int NONE = 0;

  private static final int UNIT_BITS = 8;
  private static final int UNIT_CODES = 1 << UNIT_BITS;

  /// Rows store a reference plus 1, and its complement: so it stays well below 2^31.
  private static final int MAX_UNITS = (1 << (Integer.SIZE - 1 - UNIT_BITS)) - 1;

  /// Heap of one unit: its entry here and in its chunk, and the record.
  static final int UNIT_BYTES = 32;

  private final int words;
  private Unit[] units = new Unit[16];
  private int unitCount = 1;

  /// @param first offset of the unit's first code in the chunk
  private record Unit(Shell.Chunk chunk, int first) {}

  /// What {@link #find} looks for.
  private long[] sought = {};

  private @Nullable Shell soughtShell;

  Codes(int words) {
    this.words = words;
  }

  /// The place of a code in its shell, {@link #NONE} where it has none.
  int find(Shell shell, long[] code) {
    sought = code;
    soughtShell = shell;
    return find(hash(code));
  }

  /// Gives a code that has none a place in its shell, with no row yet.
  int add(Shell shell, long[] code) {
    int ref = shell.takeFree();
    if (ref == NONE) {
      ref = append(shell.chunkWithRoom());
    }
    Shell.Chunk chunk = chunk(ref);
    Shell.Columns columns = chunk.columns;
    int offset = offset(ref);
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

  /// The reference of the code that will be the next of a chunk.
  private int append(Shell.Chunk chunk) {
    int offset = chunk.size;
    int unit = offset >>> UNIT_BITS;
    if (unit == chunk.unitRefs.length) {
      chunk.unitRefs = Arrays.copyOf(chunk.unitRefs, unit + 1);
      chunk.unitRefs[unit] = addUnit(new Unit(chunk, offset));
    }
    return chunk.unitRefs[unit] | (offset & (UNIT_CODES - 1));
  }

  /// Returns the reference of the unit's first code.
  private int addUnit(Unit unit) {
    if (unitCount == MAX_UNITS) {
      throw new IllegalStateException(
          ("codes of one partition: %d units of up to %d in use (limit: %d; spread the images over"
                  + " more partitions)")
              .formatted(unitCount, UNIT_CODES, MAX_UNITS));
    }
    if (unitCount == units.length) {
      units = Arrays.copyOf(units, 2 * unitCount);
    }
    units[unitCount] = unit;
    return unitCount++ << UNIT_BITS;
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
    return units[ref >>> UNIT_BITS].chunk();
  }

  /// The place of a code in its columns.
  int offset(int ref) {
    return units[ref >>> UNIT_BITS].first() + (ref & (UNIT_CODES - 1));
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
    return columns(ref).hash(offset(ref), words);
  }

  @Override
  boolean isSought(int ref) {
    Shell.Chunk chunk = chunk(ref);
    return chunk.shell == soughtShell && chunk.columns.equals(offset(ref), sought);
  }
}
