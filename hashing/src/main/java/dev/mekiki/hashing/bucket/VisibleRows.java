package dev.mekiki.hashing.bucket;

/// The rows that may be hits of a query: those that its version shows and its filter accepts. For
/// one thread.
final class VisibleRows {
  final Rows rows;
  final IdArena ids;
  private final MetadataTable metadata;
  private final long version;
  private final MetadataFilter filter;
  private final boolean acceptsAll;
  private final Expiry expiry;

  VisibleRows(Content content, long version, MetadataFilter filter, Expiry expiry) {
    this.rows = content.rows;
    this.ids = content.ids;
    this.metadata = content.metadata;
    this.version = version;
    this.filter = filter;
    this.acceptsAll = filter.acceptsAll();
    this.expiry = expiry;
  }

  boolean contains(Columns columns, int offset) {
    return rows.isVisible(columns, offset, version)
        && (acceptsAll || filter.accepts(metadata.get(columns.metadata(offset))));
  }

  /// Counts the visible rows of a chain, up to a limit.
  ///
  /// @param head link to the first row
  int count(int head, int limit) {
    int count = 0;
    for (int link = head; link != Rows.NONE && count < limit; ) {
      int row = Rows.row(link);
      Columns columns = rows.columns(row);
      int offset = Rows.offset(row);
      if (contains(columns, offset)) {
        count++;
      }
      link = link < 0 ? Rows.NONE : columns.next(offset);
      expiry.readRow();
    }
    return count;
  }
}
