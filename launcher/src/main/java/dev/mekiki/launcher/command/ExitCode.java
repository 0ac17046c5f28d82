package dev.mekiki.launcher.command;

/// What the process ends with; part of the command line's contract.
final class ExitCode {
  /// Done.
  static final int OK = 0;

  /// It failed, or what was asked for is not there.
  static final int FAILED = 1;

  /// The command line is wrong; nothing was done.
  static final int USAGE = 2;

  /// An answer was printed, but partitions were missing from it.
  static final int PARTIAL = 3;

  private ExitCode() {}
}
