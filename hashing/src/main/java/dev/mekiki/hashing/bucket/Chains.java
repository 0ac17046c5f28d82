package dev.mekiki.hashing.bucket;

import dev.mekiki.hashing.lists.IntList;
import java.util.LinkedHashMap;
import java.util.Map;

/// The rows of each code as a chain, newest first. For the writer; readers follow the links.
///
/// A row that must go is looked for from the head of its chain, which is a few steps as a rule. A
/// code that a million images share would make that a million: there the row stays where it is,
/// dead, until a cursor that moves a little with every change reaches it and takes it out.
final class Chains {
  private static final int STEPS = 256;

  private final Rows rows;
  private final Codes codes;
  private final Map<Integer, Sweep> sweeps = new LinkedHashMap<>();

  /// Rows taken out of their chains since the last {@link #clearOut}.
  private final IntList out = new IntList();

  /// Codes left without rows since then.
  private final IntList emptied = new IntList();

  /// The sweep of one long chain.
  private static final class Sweep {
    /// The row after which the sweep continues; none at the head.
    int cursor = Rows.NONE;

    /// Dead rows in the chain.
    int waiting;
  }

  Chains(Rows rows, Codes codes) {
    this.rows = rows;
    this.codes = codes;
  }

  void push(int code, int row) {
    Shell.Columns columns = codes.columns(code);
    int offset = codes.offset(code);
    int head = columns.head(offset);
    rows.setNext(row, head);
    columns.setHead(offset, head == Rows.NONE ? ~row : row);
  }

  /// Takes a dead row out of its chain, now or by a later {@link #sweep}.
  void unlink(int row) {
    int code = rows.code(row);
    int before = Rows.NONE;
    int at = Rows.row(codes.columns(code).head(codes.offset(code)));
    for (int step = 0; at != row && step < STEPS; step++) {
      before = at;
      at = Rows.row(rows.next(at));
    }
    if (at == row) {
      takeOut(code, before, row);
    } else {
      rows.markForSweep(row);
      sweeps.computeIfAbsent(code, _ -> new Sweep()).waiting++;
    }
  }

  /// Goes on with one chain in which dead rows wait. True if one was taken out.
  boolean sweep() {
    if (sweeps.isEmpty()) {
      return false;
    }
    Map.Entry<Integer, Sweep> first = sweeps.entrySet().iterator().next();
    int code = first.getKey();
    Sweep sweep = first.getValue();
    int taken = 0;
    int before = sweep.cursor;
    for (int step = 0; step < STEPS && taken < sweep.waiting; step++) {
      int row =
          Rows.row(
              before == Rows.NONE
                  ? codes.columns(code).head(codes.offset(code))
                  : rows.next(before));
      if (row != Rows.NONE && rows.isMarkedForSweep(row)) {
        takeOut(code, before, row);
        taken++;
      } else {
        before = row;
      }
    }
    sweep.cursor = before;
    sweep.waiting -= taken;
    if (sweep.waiting == 0) {
      sweeps.remove(code);
    }
    return taken > 0;
  }

  private void takeOut(int code, int before, int row) {
    int after = rows.next(row);
    if (before != Rows.NONE) {
      rows.setNext(before, after);
    } else {
      codes.columns(code).setHead(codes.offset(code), after);
      if (after == Rows.NONE) {
        emptied.add(code);
      }
    }
    Sweep sweep = sweeps.get(code);
    if (sweep != null && sweep.cursor == row) {
      sweep.cursor = Rows.NONE;
    }
    out.add(row);
  }

  /// Rows that are in no chain any more.
  IntList out() {
    return out;
  }

  /// Codes that have no row any more.
  IntList emptied() {
    return emptied;
  }

  void clearOut() {
    out.clear();
    emptied.clear();
  }
}
