package dev.mekiki.launcher.command.client;

import com.google.protobuf.util.Timestamps;
import dev.mekiki.client.MekikiClient;
import dev.mekiki.launcher.client.Ingestion;
import dev.mekiki.launcher.command.options.ExitCode;
import dev.mekiki.launcher.command.options.JsonOption;
import dev.mekiki.launcher.images.ImageFiles;
import dev.mekiki.launcher.images.LeftOut;
import dev.mekiki.launcher.images.LeftOutReport;
import dev.mekiki.runtime.StartException;
import dev.mekiki.schemas.image.ExpireTime;
import dev.mekiki.schemas.v1.PutImageRequest;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/// `mekiki ingest`. Goes through the API rather than to Kafka: it needs one address and no topic
/// names, limits and ids are checked where they are configured, and what is refused is reported
/// file by file.
@Command(
    name = "ingest",
    description = "Send image files to the index; each one's id is its relative path.",
    footer = {
      "",
      "An image counts as sent once Kafka has it. Every file below a directory is sent or left out"
          + " with",
      "a reason: an unsupported format (AVIF, HEIC, TIFF, JPEG XL, JPEG 2000, SVG), too large,"
          + " unreadable,",
      "not an image, refused. Hidden files and directories are skipped. Ends with 1 where any file"
          + " was",
      "left out or there was none to send.",
      "",
      "Examples:",
      "  mekiki ingest ~/Pictures",
      "  mekiki ingest --mute-matches --id-prefix shop/ catalogue/ extra.png",
      "  mekiki ingest --expires 2026-12-31T00:00:00Z campaign/",
      "  mekiki ingest --tenant shop --source upload-4711 --id-prefix shop/ burst/"
    })
public final class IngestCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ServerOption server;
  @Mixin private JsonOption json;

  @Parameters(
      paramLabel = "DIR|FILE",
      arity = "1..*",
      description = "Image files, or directories of them.")
  private List<Path> paths;

  @Option(
      names = "--mute-matches",
      description = "Index without events where one of these images is the later of a pair.")
  private boolean muteMatches;

  @Option(
      names = "--expires",
      paramLabel = "TIME",
      converter = ExpiresOption.class,
      description = {
        "From when on the images are treated as deleted: a time such as 2026-12-31T00:00:00Z,",
        "or milliseconds since 1970."
      })
  private @Nullable Instant expires;

  @Option(names = "--id-prefix", paramLabel = "TEXT", description = "What every id starts with.")
  private String idPrefix = "";

  @Option(
      names = "--metadata",
      paramLabel = "KEY=VALUE",
      description = "Metadata of every image; may be given several times.")
  private Map<String, String> metadata = new HashMap<>();

  @Option(
      names = "--tenant",
      paramLabel = "NAME",
      description = {
        "Whose images they are (default: the tenant that the token is bound to, else the default",
        "one). With a token that is bound to a tenant, ids must begin with its name and a slash."
      })
  private @Nullable String tenant;

  @Option(
      names = "--source",
      paramLabel = "NAME",
      description = "What they come from, such as one upload or one camera.")
  private String source = "";

  @Option(names = "--verbose", description = "Name every file that is left out, not the first 20.")
  private boolean verbose;

  @Override
  public Integer call() throws IOException, InterruptedException {
    ImageFiles found = ImageFiles.find(paths);
    Ingestion.Outcome outcome;
    try (MekikiClient client = server.connectPatiently()) {
      // One call alone first: a server that is not there is reported once, not file by file.
      client.status();
      try (ProgressBar progress = progressBar(found.images().size())) {
        outcome =
            new Ingestion(client, new Ingestion.Request(idPrefix, beside()))
                .run(found.images(), progress::step);
      }
    }
    List<LeftOut> leftOut = new ArrayList<>(found.leftOut());
    leftOut.addAll(outcome.leftOut());
    print(outcome, leftOut);
    if (outcome.failure() != null) {
      throw outcome.failure();
    }
    if (found.images().isEmpty() && leftOut.isEmpty()) {
      throw new StartException(
          "images: no files below %s (expected: at least 1 image, %s)"
              .formatted(paths, ImageFiles.FORMATS));
    }
    return leftOut.isEmpty() ? ExitCode.OK : ExitCode.FAILED;
  }

  private PutImageRequest beside() {
    PutImageRequest.Builder beside =
        PutImageRequest.newBuilder()
            .putAllMetadata(metadata)
            .setMuteMatches(muteMatches)
            .setSource(source);
    if (tenant != null) {
      beside.setTenant(tenant);
    }
    if (expires != null) {
      beside.setExpires(Timestamps.fromMillis(expires.toEpochMilli()));
    }
    return beside.build();
  }

  private void print(Ingestion.Outcome outcome, List<LeftOut> leftOut) {
    LeftOutReport.print(leftOut, verbose, "--verbose", spec.commandLine().getErr());
    PrintWriter out = spec.commandLine().getOut();
    if (json.isSet()) {
      out.println(
          JsonOption.of(
              new Ingested(
                  outcome.sent(),
                  leftOut.size(),
                  outcome.bytes(),
                  leftOut.stream()
                      .map(file ->
                          new File(String.valueOf(file.file()), file.reason(), file.detail()))
                      .toList())));
    } else {
      out.printf(
          "sent %d images (%.1f MB), left out %d%n",
          outcome.sent(), outcome.bytes() / 1e6, leftOut.size());
    }
    out.flush();
  }

  private static ProgressBar progressBar(int images) {
    return new ProgressBarBuilder()
        .setTaskName("ingest")
        .setInitialMax(images)
        .setStyle(ProgressBarStyle.ASCII)
        .showSpeed()
        .setUpdateIntervalMillis(200)
        .build();
  }

  /// A time to come.
  static final class ExpiresOption implements ITypeConverter<Instant> {
    @Override
    public Instant convert(String value) {
      try {
        long millis = ExpireTime.parse("expires", value);
        return Instant.ofEpochMilli(
            ExpireTime.checkedAfter("expires", millis, System.currentTimeMillis()));
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(String.valueOf(e.getMessage()));
      }
    }
  }

  /// @param refused how many files were left out
  private record Ingested(int sent, int refused, long bytes, List<File> leftOut) {}

  private record File(String file, String reason, String detail) {}
}
