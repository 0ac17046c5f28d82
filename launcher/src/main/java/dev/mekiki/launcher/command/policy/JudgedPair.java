package dev.mekiki.launcher.command.policy;

import dev.mekiki.client.MekikiClient;
import dev.mekiki.launcher.command.client.ServerOption;
import dev.mekiki.launcher.command.options.AuthorOption;
import dev.mekiki.launcher.command.options.ExitCode;
import dev.mekiki.launcher.command.options.JsonOption;
import dev.mekiki.launcher.command.options.Table;
import dev.mekiki.schemas.v1.DecidedBy;
import dev.mekiki.schemas.v1.MatchKind;
import dev.mekiki.schemas.v1.PutVerdictRequest;
import dev.mekiki.schemas.v1.Verdict;
import java.io.PrintWriter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/// A pair of images and what is decided about it.
final class JudgedPair {
  @Spec(Target.MIXEE)
  private CommandSpec spec;

  @Mixin private ServerOption server;
  @Mixin private JsonOption json;
  @Mixin private AuthorOption author;

  @Parameters(index = "0", paramLabel = "A", description = "The id of an indexed image.")
  private String a;

  @Parameters(index = "1", paramLabel = "B", description = "The same of the other image.")
  private String b;

  @Option(names = "--note", paramLabel = "TEXT", description = "What there is to say about it.")
  private String note = "";

  @Option(
      names = "--kind",
      paramLabel = "KIND",
      description = {
        "What the event says: EXACT, DUPLICATE, NEAR or SHARES_ELEMENT",
        "(default: what bytes and fingerprints say)."
      })
  private @Nullable MatchKind kind;

  @Option(
      names = "--decided-by",
      paramLabel = "WHAT",
      description = "The same of what decided: BYTES, FINGERPRINT, CODE or ALIGNMENT.")
  private @Nullable DecidedBy decidedBy;

  /// Sends the decision and prints what came of it.
  int decide(Verdict.Decision decision) {
    PutVerdictRequest.Builder request =
        PutVerdictRequest.newBuilder()
            .setA(a)
            .setB(b)
            .setDecision(decision)
            .setAuthor(author.name())
            .setNote(note);
    if (kind != null) {
      request.setKind(kind);
    }
    if (decidedBy != null) {
      request.setDecidedBy(decidedBy);
    }
    Verdict verdict;
    try (MekikiClient client = server.connect()) {
      verdict = client.policy().put(request.build());
    }
    PrintWriter out = spec.commandLine().getOut();
    out.println(
        json.isSet()
            ? JsonOption.of(verdict)
            : "%s %s and %s"
                .formatted(
                    decision.name().toLowerCase(Locale.ROOT), Table.visible(a), Table.visible(b)));
    out.flush();
    return ExitCode.OK;
  }
}
