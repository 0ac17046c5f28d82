package dev.mekiki.hashing.bucket;

/// Tasks that the writer may do once no reader can notice, in the order in which they fall due.
final class GraceQueue {
  /// The kinds of tasks.
  enum Task {
    /// Drops the versions of a row that every reader sees as born.
    SETTLE_ROW,
    /// Takes a dead row out of its code's chain.
    UNLINK_ROW,
    /// Frees a row that is in no chain.
    FREE_ROW,
    /// Frees the versions of a settled row.
    FREE_VERSIONS,
    /// Frees the place of a code without rows.
    FREE_CODE
  }

  private long[] versions = new long[64];
  private Task[] tasks = new Task[64];
  private int[] refs = new int[64];
  private int first;
  private int size;

  /// @param version may be done once the oldest version in use is this one or later; never less
  ///   than at the call before
  void add(long version, Task task, int ref) {
    if (size == versions.length) {
      grow();
    }
    int at = (first + size++) & (versions.length - 1);
    versions[at] = version;
    tasks[at] = task;
    refs[at] = ref;
  }

  boolean isEmpty() {
    return size == 0;
  }

  /// The version of the first task.
  long version() {
    return versions[first];
  }

  Task task() {
    return tasks[first];
  }

  int ref() {
    return refs[first];
  }

  void drop() {
    first = (first + 1) & (versions.length - 1);
    size--;
  }

  private void grow() {
    long[] moreVersions = new long[2 * size];
    Task[] moreTasks = new Task[2 * size];
    int[] moreRefs = new int[2 * size];
    for (int i = 0; i < size; i++) {
      int at = (first + i) & (size - 1);
      moreVersions[i] = versions[at];
      moreTasks[i] = tasks[at];
      moreRefs[i] = refs[at];
    }
    versions = moreVersions;
    tasks = moreTasks;
    refs = moreRefs;
    first = 0;
  }

  long bytes() {
    return (Long.BYTES + 2L * Integer.BYTES) * versions.length;
  }
}
