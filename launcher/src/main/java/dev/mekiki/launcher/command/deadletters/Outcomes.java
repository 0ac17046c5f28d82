package dev.mekiki.launcher.command.deadletters;

import dev.mekiki.launcher.command.options.ExitCode;
import dev.mekiki.launcher.command.options.JsonOption;
import dev.mekiki.runtime.deadletter.DeadLetterEntry;
import dev.mekiki.runtime.deadletter.DeadLetterPosition;
import dev.mekiki.runtime.deadletter.DeadLetterRecord;
import dev.mekiki.schemas.image.ImageId;
import dev.mekiki.schemas.text.BoundedText;
import java.io.PrintWriter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/// Prints what becomes of each dead letter, and counts.
final class Outcomes {
  private final CommandSpec spec;
  private final JsonOption json;
  private final Verb verb;
  private final boolean dryRun;
  private int done;
  private int refused;

  /// What is done about dead letters.
  enum Verb {
    RETRY("retried"),
    DROP("dropped");

    private final String past;

    Verb(String past) {
      this.past = past;
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// @param dryRun nothing is done, only said
  Outcomes(CommandSpec spec, JsonOption json, Verb verb, boolean dryRun) {
    this.spec = spec;
    this.json = json;
    this.verb = verb;
    this.dryRun = dryRun;
  }

  void done(DeadLetterEntry entry) {
    done++;
    DeadLetterRecord letter = entry.letter();
    PrintWriter out = spec.commandLine().getOut();
    out.println(
        json.isSet()
            ? JsonOption.of(new Outcome(letter.position().toString(), id(letter), word(), null))
            : "%s %s %s".formatted(word(), letter.position(), BoundedText.quote(id(letter))));
    out.flush();
  }

  void refused(DeadLetterEntry entry, String why) {
    refused(entry.letter().position(), id(entry.letter()), why);
  }

  /// A position without a dead letter.
  void absent(DeadLetterPosition position, String why) {
    refused(position, null, why);
  }

  private void refused(DeadLetterPosition position, @Nullable String id, String why) {
    refused++;
    String word = "not " + verb.past;
    if (json.isSet()) {
      PrintWriter out = spec.commandLine().getOut();
      out.println(JsonOption.of(new Outcome(position.toString(), id, word, why)));
      out.flush();
    } else {
      PrintWriter err = spec.commandLine().getErr();
      err.printf(
          "mekiki: %s %s%s: %s%n",
          word, position, id == null ? "" : " " + BoundedText.quote(id), why);
      err.flush();
    }
  }

  /// Prints how many there were.
  ///
  /// @return the exit code
  int end() {
    if (done + refused == 0) {
      spec.commandLine().getErr().println("mekiki: no dead letters of this kind");
      spec.commandLine().getErr().flush();
      return ExitCode.FAILED;
    }
    PrintWriter people = json.people();
    people.printf("%s %d, not %s %d%n", word(), done, verb.past, refused);
    if (done + refused >= Selection.MAX_AT_ONCE) {
      people.printf(
          "there may be more: %d are looked at at one time; begin again%n", Selection.MAX_AT_ONCE);
    }
    people.flush();
    return refused == 0 ? ExitCode.OK : ExitCode.FAILED;
  }

  /// Says what would be done if a person agreed.
  ///
  /// @return the exit code
  int unconfirmed(int count) {
    PrintWriter err = spec.commandLine().getErr();
    err.printf(
        "mekiki: nothing was done: --yes would %s %d dead letters, --dry-run names them%n",
        verb, count);
    err.flush();
    return ExitCode.USAGE;
  }

  private String word() {
    return dryRun ? "would " + verb : verb.past;
  }

  private static String id(DeadLetterRecord letter) {
    return letter.id().map(ImageId::value).orElse(letter.key());
  }

  /// @param why it was refused
  private record Outcome(
      String position, @Nullable String id, String outcome, @Nullable String why) {}
}
