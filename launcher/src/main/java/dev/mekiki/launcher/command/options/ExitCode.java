package dev.mekiki.launcher.command.options;

/// What the process ends with; part of the command line's contract.
public final class ExitCode {
  /// Done.
  public static final int OK = 0;

  /// It failed, or what was asked for is not there.
  public static final int FAILED = 1;

  /// The command line is wrong; nothing was done.
  public static final int USAGE = 2;

  /// An answer was printed, but partitions were missing from it.
  public static final int PARTIAL = 3;

  private ExitCode() {}
}
