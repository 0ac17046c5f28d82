package dev.mekiki.launcher.command.options;

/// Exit codes of the process; part of the command line's contract.
public final class ExitCode {
  /// Done.
  public static final int OK = 0;

  /// The command failed, or what it should act on does not exist.
  public static final int FAILED = 1;

  /// The command line is wrong; nothing was done.
  public static final int USAGE = 2;

  /// An answer was printed, but partitions were missing from it.
  public static final int PARTIAL = 3;

  private ExitCode() {}
}
