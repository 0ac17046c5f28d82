package dev.mekiki.hashing.group;

/// What is done wrongly in a world.
enum Fault {
  NONE,
  /// A content joins the oldest that matches it, whether that represents a group or not.
  CHAINS,
  /// A pair that somebody has dismissed counts.
  DISMISSED_PAIRS_COUNT,
  /// That a revision is gone is forgotten at once.
  REVISIONS_FORGOTTEN,
  /// That a pair has ended is forgotten at once.
  ENDINGS_FORGOTTEN,
  /// What was too much for one transaction is not gone on with.
  WORK_FORGOTTEN,
  /// Messages of one sender overtake each other.
  OUT_OF_ORDER,
  /// A partition that is killed does not read again what it had not committed.
  NOT_READ_AGAIN
}
