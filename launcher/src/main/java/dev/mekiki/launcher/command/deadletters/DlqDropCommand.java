package dev.mekiki.launcher.command.deadletters;

import dev.mekiki.launcher.command.deadletters.Installation.Opened;
import dev.mekiki.launcher.command.deadletters.Outcomes.Verb;
import dev.mekiki.launcher.command.options.JsonOption;
import dev.mekiki.runtime.deadletter.DeadLetterEntry;
import dev.mekiki.runtime.deadletter.DeadLetterReader;
import dev.mekiki.runtime.deadletter.DeadLetterStates;
import dev.mekiki.runtime.deadletter.DeadLetterWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "drop",
    description = "Hide dead letters for good. Kafka deletes them when their time comes, as ever.",
    footer = {
      "",
      "Ends with 1 where there was none.",
      "",
      "Examples:",
      "  mekiki dlq drop 3:1042",
      "  mekiki dlq drop --reason UNKNOWN_FORMAT --until 2026-11-01 --yes"
    })
final class DlqDropCommand implements Callable<Integer> {
  /// Dead letters that share a transaction.
  private static final int BATCH = 500;

  @Spec private CommandSpec spec;
  @Mixin private Installation installation;
  @Mixin private Selection selection;
  @Mixin private JsonOption json;

  @Override
  public Integer call() throws Exception {
    selection.check();
    return installation.run(this::run);
  }

  private int run(Opened opened) throws InterruptedException {
    Outcomes outcomes = new Outcomes(spec, json, Verb.DROP, selection.isDryRun());
    try (DeadLetterReader reader = opened.reader()) {
      if (selection.isUnconfirmed()) {
        return outcomes.unconfirmed(
            selection.entries(reader, reader.states(), outcomes::absent).size());
      }
      if (selection.isDryRun()) {
        selection.entries(reader, reader.states(), outcomes::absent).forEach(outcomes::done);
        return outcomes.end();
      }
      try (DeadLetterWriter writer = opened.writer(selection.author())) {
        DeadLetterStates known = reader.states();
        List<DeadLetterEntry> entries = selection.entries(reader, known, outcomes::absent);
        for (int from = 0; from < entries.size(); from += BATCH) {
          List<DeadLetterEntry> batch =
              entries.subList(from, Math.min(from + BATCH, entries.size()));
          writer.drop(batch.stream().map(DeadLetterEntry::letter).toList());
          batch.forEach(outcomes::done);
        }
        writer.forgetExpired(known, reader);
      }
    }
    return outcomes.end();
  }
}
