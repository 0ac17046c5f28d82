package dev.mekiki.launcher;

import dev.mekiki.launcher.command.MekikiCommand;

/// The entry point of the `mekiki` script.
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    System.exit(MekikiCommand.commandLine().execute(arguments));
  }
}
