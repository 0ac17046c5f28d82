package dev.mekiki.launcher.command.policy;

import dev.mekiki.client.MekikiClient;
import dev.mekiki.launcher.command.client.ServerOption;
import dev.mekiki.launcher.command.options.ExitCode;
import dev.mekiki.launcher.command.options.JsonOption;
import dev.mekiki.launcher.command.options.Table;
import dev.mekiki.launcher.review.Advice;
import dev.mekiki.launcher.review.AtRadius;
import dev.mekiki.launcher.review.Judged;
import dev.mekiki.launcher.review.ReviewPlot;
import dev.mekiki.launcher.review.ReviewReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "report",
    description = {
      "Print how precise matching is by all verdicts: by kind, tenant and fingerprint distance;"
          + " and",
      "which fingerprint radius would have had which precision."
    },
    footer = {
      "",
      "Shares are of judged pairs. What made no event was judged by nobody, so nothing is said"
          + " about",
      "duplicates that were not found. Ends with 1 where nothing was judged.",
      "",
      "Examples:",
      "  mekiki review report",
      "  mekiki review report --output review"
    })
final class ReviewReportCommand implements Callable<Integer> {
  @Mixin private ServerOption server;
  @Mixin private JsonOption json;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      description = "Also write review.json and the plot review.svg there.")
  private @Nullable Path output;

  @Override
  public Integer call() throws IOException {
    ReviewReport report;
    try (MekikiClient client = server.connect()) {
      report = ReviewReport.of(client.policy().verdicts(Integer.MAX_VALUE));
    }
    json.print(report, ReviewReportCommand::print);
    if (output != null) {
      Files.createDirectories(output);
      Files.writeString(output.resolve("review.json"), JsonOption.of(report) + "\n");
      Files.writeString(output.resolve("review.svg"), ReviewPlot.of(report));
    }
    return report.all().pairs() == 0 ? ExitCode.FAILED : ExitCode.OK;
  }

  private static void print(ReviewReport report, PrintWriter out) {
    if (report.all().pairs() == 0) {
      out.println(
          "nothing was judged (expected: verdicts, such as mekiki review confirm A B makes)");
      return;
    }
    Table kinds = groups("KIND").row(cells("all", report.all()));
    report.byKind().forEach(kind -> kinds.row(cells(kind.name(), kind)));
    kinds.print(out);
    if (report.byTenant().size() > 1) {
      out.println();
      Table tenants = groups("TENANT");
      report
          .byTenant()
          .forEach(tenant ->
              tenants.row(cells(tenant.name().isEmpty() ? "(default)" : tenant.name(), tenant)));
      tenants.print(out);
    }
    if (!report.byRadius().isEmpty()) {
      printRadii(report, out);
    }
  }

  private static Table groups(String name) {
    return new Table().row(name, "CONFIRMED", "DISMISSED", "PRECISION", "95 % INTERVAL");
  }

  private static Object[] cells(String name, Judged judged) {
    return new Object[] {
      name, judged.confirmed(), judged.dismissed(), percent(judged.precision()), interval(judged)
    };
  }

  private static void printRadii(ReviewReport report, PrintWriter out) {
    out.println();
    Table table =
        new Table()
            .row(
                "FINGERPRINT DISTANCE",
                "CONFIRMED",
                "DISMISSED",
                "PRECISION WITHIN",
                "95 % INTERVAL",
                "CONFIRMED PAIRS WITHIN");
    for (AtRadius at : report.byRadius()) {
      table.row(
          at.radius(),
          at.confirmedAt(),
          at.dismissedAt(),
          percent(at.within().precision()),
          interval(at.within()),
          percent(at.share()));
    }
    table.print(out);
    out.println();
    report.advice().forEach(advice -> out.println(line(advice)));
    out.println(
        "(of judged pairs alone: what made no event was judged by nobody; set by"
            + " mekiki.match.fingerprint-radius, or for a tenant by `mekiki tenant set`)");
  }

  private static String line(Advice advice) {
    AtRadius at = advice.radius();
    String precision = "precision of %.0f %%: ".formatted(100 * advice.precision());
    return at == null
        ? precision
            + "no fingerprint radius, or fewer than %d judged pairs within it"
                .formatted(ReviewReport.MIN_PAIRS)
        : precision
            + "fingerprint radius %d (%s of %d judged pairs; %s of the confirmed ones)"
                .formatted(
                    at.radius(),
                    percent(at.within().precision()),
                    at.within().pairs(),
                    percent(at.share()));
  }

  private static String interval(Judged judged) {
    return judged.pairs() == 0
        ? "-"
        : String.join(" to ", List.of(percent(judged.least()), percent(judged.most())));
  }

  private static String percent(@Nullable Double share) {
    return share == null ? "-" : String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }
}
