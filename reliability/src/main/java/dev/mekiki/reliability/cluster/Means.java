package dev.mekiki.reliability.cluster;

/// What faults may be brought about by, beside signals and files.
public enum Means {
  /// The decoders of encoders, which are processes of their own, are ended.
  DECODERS,
  /// Packets are lost by rules of `iptables`: root alone can set them.
  NETWORK,
  /// Brokers and index instances write to disks of their own, which can be filled and can stall:
  /// memory that is mounted, by root alone.
  DISKS,
  /// Processes read their clocks through `libfaketime`, which must be installed.
  CLOCKS
}
