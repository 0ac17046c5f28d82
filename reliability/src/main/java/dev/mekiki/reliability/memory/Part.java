package dev.mekiki.reliability.memory;

/// What memory of a process is for.
public enum Part {
  /// All of it that lies in memory.
  RESIDENT("resident"),
  /// The Java heap as far as it is committed, touched or not.
  HEAP("heap"),
  /// Classes, compiled code and direct buffers of the JVM.
  JVM("JVM beside it"),
  /// Block cache, memtables and table readers of RocksDB.
  ROCKSDB("RocksDB");

  private final String text;

  Part(String text) {
    this.text = text;
  }

  /// As in the report.
  public String text() {
    return text;
  }
}
