package dev.mekiki.launcher.command;

import dev.mekiki.broker.BrokerStartException;
import dev.mekiki.client.InvalidRequestException;
import dev.mekiki.client.MekikiException;
import dev.mekiki.client.NoAnswerException;
import dev.mekiki.client.ProblemException;
import dev.mekiki.launcher.command.options.ExitCode;
import dev.mekiki.runtime.StartException;
import dev.mekiki.training.checkpoints.CheckpointException;
import dev.mekiki.training.tables.TableException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/// The one place where a failed command's exception becomes a message and an exit code. What a user
/// can fix is one message; a stack trace is for defects.
final class Failures implements IExecutionExceptionHandler {
  @Override
  public int handleExecutionException(
      Exception failure, CommandLine commandLine, ParseResult arguments) {
    PrintWriter err = commandLine.getErr();
    switch (failure) {
      case StartException e -> err.println("mekiki: " + e.getMessage());
      case BrokerStartException e -> err.println("mekiki: " + e.getMessage());
      case MekikiException e -> err.println("mekiki: " + e.getMessage() + remedy(e));
      case CheckpointException e -> err.println("mekiki: " + e.getMessage());
      case TableException e -> err.println("mekiki: " + e.getMessage());
      case NoSuchFileException e -> err.println("mekiki: " + e.getFile() + ": no such file");
      case FileNotFoundException e -> err.println("mekiki: " + e.getMessage());
      case AccessDeniedException e -> err.println("mekiki: " + e.getFile() + ": access denied");
      case IOException e -> err.println("mekiki: " + e);
      default -> {
        err.println("mekiki: this is a defect, please report it:");
        failure.printStackTrace(err);
      }
    }
    err.flush();
    return failure instanceof InvalidRequestException ? ExitCode.USAGE : ExitCode.FAILED;
  }

  /// What the options of commands do about it.
  private static String remedy(MekikiException failure) {
    return switch (failure) {
      case NoAnswerException e ->
          switch (e.reason()) {
            case UNREACHABLE -> "; start one with `mekiki up`, or name another with --server";
            case NOT_TRUSTED -> "; --trust-file FILE names further authorities";
            case TIMEOUT, BROKEN, INTERRUPTED -> "";
          };
      case ProblemException e ->
          e.problem().status() == 401
              ? "; name the file that holds it with --token-file FILE or in MEKIKI_SERVER_TOKEN_FILE"
              : "";
    };
  }
}
