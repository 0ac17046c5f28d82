package dev.mekiki.launcher.command.deadletters;

import dev.mekiki.launcher.command.deadletters.Installation.Opened;
import dev.mekiki.launcher.command.deadletters.Outcomes.Verb;
import dev.mekiki.launcher.command.options.JsonOption;
import dev.mekiki.runtime.deadletter.DeadLetterEntry;
import dev.mekiki.runtime.deadletter.DeadLetterReader;
import dev.mekiki.runtime.deadletter.DeadLetterRetry;
import dev.mekiki.runtime.deadletter.DeadLetterStates;
import dev.mekiki.runtime.deadletter.DeadLetterWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "retry",
    description = {
      "Send dead letters to the topic of images again, once what stopped them is removed. They go"
          + " the",
      "way of any image, marked as retries. One that fails again is a new dead letter."
    },
    footer = {
      "",
      "Not sent are dead letters that do not hold the whole original record, that were retried or",
      "dropped already, or whose image has a newer record: for that the partition is read from the",
      "original record on. Ends with 1 where any was not sent, or there was none.",
      "",
      "Examples:",
      "  mekiki dlq retry 3:1042 5:17",
      "  mekiki dlq retry --reason TOO_MANY_PIXELS --since 2d --dry-run",
      "  mekiki dlq retry --all --yes --author 'night shift'"
    })
final class DlqRetryCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private Installation installation;
  @Mixin private Selection selection;
  @Mixin private JsonOption json;

  @Option(
      names = "--again",
      description = "With POSITION: retry one that was retried already, too.")
  private boolean again;

  @Option(
      names = "--overwrite",
      description = "Do not look for newer records of these images, and replace what they brought.")
  private boolean overwrite;

  @Override
  public Integer call() throws Exception {
    selection.check();
    if (again && !selection.isByPosition()) {
      throw new ParameterException(
          spec.commandLine(), "--again without POSITION (expected: dead letters one by one)");
    }
    return installation.run(this::run);
  }

  private int run(Opened opened) throws InterruptedException {
    Outcomes outcomes = new Outcomes(spec, json, Verb.RETRY, selection.isDryRun());
    try (DeadLetterReader reader = opened.reader()) {
      if (selection.isUnconfirmed()) {
        return outcomes.unconfirmed(
            selection.entries(reader, reader.states(), outcomes::absent).size());
      }
      try (@Nullable DeadLetterWriter writer =
          selection.isDryRun() ? null : opened.writer(selection.author())) {
        DeadLetterStates known = reader.states();
        List<DeadLetterEntry> entries = selection.entries(reader, known, outcomes::absent);
        retry(opened, reader, entries, writer, outcomes);
        if (writer != null) {
          writer.forgetExpired(known, reader);
        }
      }
    }
    return outcomes.end();
  }

  private void retry(
      Opened opened,
      DeadLetterReader reader,
      List<DeadLetterEntry> entries,
      @Nullable DeadLetterWriter writer,
      Outcomes outcomes)
      throws InterruptedException {
    try (LateProgress progress = new LateProgress("newer")) {
      DeadLetterRetry.Listener listener =
          new DeadLetterRetry.Listener() {
            @Override
            public void retried(DeadLetterEntry entry) {
              outcomes.done(entry);
            }

            @Override
            public void refused(DeadLetterEntry entry, String why) {
              outcomes.refused(entry, why);
            }

            @Override
            public void searched(long done, long total) {
              progress.progress(done, total);
            }
          };
      new DeadLetterRetry(
              opened.clients(),
              opened.topics(),
              reader,
              new DeadLetterRetry.Rules(again, overwrite),
              listener)
          .run(entries, writer);
    }
  }
}
