package dev.mekiki.launcher.command.client;

import com.google.protobuf.ByteString;
import dev.mekiki.client.MekikiClient;
import dev.mekiki.launcher.command.options.ExitCode;
import dev.mekiki.launcher.command.options.JsonOption;
import dev.mekiki.launcher.command.options.Table;
import dev.mekiki.schemas.v1.CompareRequest;
import dev.mekiki.schemas.v1.CompareResponse;
import dev.mekiki.schemas.v1.ComparedImage;
import dev.mekiki.schemas.v1.MatchKind;
import dev.mekiki.schemas.v1.Obstacle;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "compare",
    description = "Say whether two images match, why or why not, and what stands in the way.",
    footer = {
      "",
      "Ends with 1 where the two would make no event.",
      "",
      "Examples:",
      "  mekiki compare shop/4711.jpg shop/4712.jpg",
      "  mekiki compare holiday.jpg shop/4711.jpg"
    })
public final class CompareCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ServerOption server;
  @Mixin private JsonOption json;

  @Parameters(
      index = "0",
      paramLabel = "A",
      description = "A file, or else the id of an indexed image.")
  private String a;

  @Parameters(index = "1", paramLabel = "B", description = "The same of the other image.")
  private String b;

  @Option(names = "--ids", description = "Both are ids, whatever files there are.")
  private boolean ids;

  @Override
  public Integer call() throws IOException {
    CompareRequest.Builder request = CompareRequest.newBuilder();
    if (isFile(a)) {
      request.setImageA(ByteString.copyFrom(Files.readAllBytes(Path.of(a))));
    } else {
      request.setA(a);
    }
    if (isFile(b)) {
      request.setImageB(ByteString.copyFrom(Files.readAllBytes(Path.of(b))));
    } else {
      request.setB(b);
    }
    CompareResponse response;
    try (MekikiClient client = server.connect()) {
      response = client.compare(request.build());
    }
    PrintWriter out = spec.commandLine().getOut();
    if (json.isSet()) {
      out.println(JsonOption.of(response));
    } else {
      print(response, out);
    }
    out.flush();
    return response.getEmits() ? ExitCode.OK : ExitCode.FAILED;
  }

  private boolean isFile(String name) {
    return !ids && Files.isRegularFile(Path.of(name));
  }

  private void print(CompareResponse response, PrintWriter out) {
    boolean matches = response.getKind() != MatchKind.MATCH_KIND_UNSPECIFIED;
    out.printf("%s%s%n", matches ? response.getKind() + ": " : "", response.getExplanation());
    for (Obstacle obstacle : response.getObstaclesList()) {
      out.printf("%s: %s%n", matches ? "no event" : "beside that", obstacle.getExplanation());
    }
    out.printf("alignment: %s%n%n", response.getAlignmentExplanation());
    Table table = new Table().row("", a, b);
    table.row("bytes (SHA-256)", start(response.getA()), start(response.getB()));
    table.row("pixels", pixels(response.getA()), pixels(response.getB()));
    table.row(
        "fingerprint quality",
        response.getA().getFingerprintQuality(),
        response.getB().getFingerprintQuality());
    table.row("tenant", response.getA().getTenant(), response.getB().getTenant());
    table.row("source", response.getA().getImageSource(), response.getB().getImageSource());
    table.print(out);
    out.printf(
        "%nfingerprints differ in %d bits (limit %d), codes in %d%n",
        response.getFingerprintDistance(),
        response.getLimits().getFingerprintRadius(),
        response.getCodeDistance());
    if (!matches && response.hasMatchesFromRadius()) {
      out.printf(
          "a DUPLICATE by fingerprints under mekiki.match.fingerprint-radius=%d and above%n",
          response.getMatchesFromRadius());
    }
  }

  private static String start(ComparedImage image) {
    return image.getSha256().substring(0, Math.min(16, image.getSha256().length()));
  }

  private static String pixels(ComparedImage image) {
    return "%d x %d".formatted(image.getWidth(), image.getHeight());
  }
}
