package dev.mekiki.launcher.command.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.QueryParams;
import com.linecorp.armeria.server.Server;
import dev.mekiki.launcher.command.Execution;
import dev.mekiki.launcher.command.options.ExitCode;
import dev.mekiki.runtime.server.Problem;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `mekiki ingest` against a service that takes what it gets: every file is sent, or named with the
/// reason.
class IngestCommandTest {
  private static final String JPEG = "\u00ff\u00d8\u00ff";

  /// The first bytes of a file of each format that Mekiki does not decode.
  private static final Map<String, String> UNSUPPORTED =
      Map.of(
          "a.heif", "\0\0\0 ftypvvic",
          "b.hif", "\0\0\0 ftypmif1",
          "c.tif", "II+\0",
          "c2.tiff", "MM\0+",
          "d.jxl", "\u00ff\n",
          "d2.jxl", "\0\0\0\fJXL \r\n\u0087\n",
          "e.jp2", "\0\0\0\fjP  \r\n\u0087\n",
          "f.svg", "<?xml version=\"1.0\"?>\n<!-- by hand -->\n<svg xmlns=\"x\"/>",
          "misnamed.jpg", "\0\0\0 ftypvvic");

  @TempDir private Path directory;

  private final Receiver receiver = new Receiver();
  private final Server server =
      Server.builder()
          .http(0)
          .service("/v1/status", (_, _) -> HttpResponse.of(MediaType.JSON_UTF_8, "{}"))
          .service(
              "/v1/images",
              (_, request) -> HttpResponse.of(request.aggregate().thenApply(receiver::put)))
          .maxRequestLength(0)
          .build();

  /// Keeps the ids that it was sent; overloaded as often as it is set to, broken where it is set
  /// to.
  private static final class Receiver {
    final Set<String> ids = new ConcurrentSkipListSet<>();
    final Set<String> expiries = new ConcurrentSkipListSet<>();
    final AtomicInteger overloads = new AtomicInteger();
    final Map<String, io.grpc.Status> answers = new ConcurrentHashMap<>();

    HttpResponse put(AggregatedHttpRequest request) {
      QueryParams parameters =
          QueryParams.fromQueryString(URI.create(request.path()).getRawQuery());
      String id = parameters.get("id", "");
      io.grpc.Status answer = answers.get(id);
      if (answer != null) {
        return problem(answer, request);
      }
      if (overloads.getAndDecrement() > 0) {
        return problem(io.grpc.Status.RESOURCE_EXHAUSTED.withDescription("busy"), request);
      }
      ids.add(id);
      if (parameters.contains("expires")) {
        expiries.add(parameters.get("expires", ""));
      }
      return HttpResponse.of(MediaType.JSON_UTF_8, "{}");
    }

    private static HttpResponse problem(io.grpc.Status status, AggregatedHttpRequest request) {
      HttpStatus httpStatus =
          switch (status.getCode()) {
            case INVALID_ARGUMENT -> HttpStatus.BAD_REQUEST;
            case PERMISSION_DENIED -> HttpStatus.FORBIDDEN;
            case RESOURCE_EXHAUSTED -> HttpStatus.TOO_MANY_REQUESTS;
            default -> HttpStatus.INTERNAL_SERVER_ERROR;
          };
      return Problem.response(status, httpStatus, request.headers());
    }
  }

  @BeforeEach
  void start() {
    server.start().join();
  }

  @AfterEach
  void stop() {
    // Armeria would wait 2 s more, for a thread that nobody needs.
    var _ = server.stop();
  }

  private Execution ingest(String... options) {
    String[] arguments = new String[options.length + 3];
    arguments[0] = "--server";
    arguments[1] = "127.0.0.1:" + server.activeLocalPort();
    System.arraycopy(options, 0, arguments, 2, options.length);
    arguments[arguments.length - 1] = directory.toString();
    return Execution.ofCommand("ingest", arguments);
  }

  private void write(String name, String content) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, content.getBytes(StandardCharsets.ISO_8859_1));
  }

  @Test
  void imagesMayExpireAtATimeToCome() throws IOException {
    write("one.jpg", JPEG);

    Execution past = ingest("--expires", "2020-01-01T00:00:00Z");
    assertThat(past.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(past.err())
        .contains("--expires", "2020-01-01T00:00:00Z is an expiry in the past (expected: a time");
    assertThat(ingest("--expires", "soon").err()).contains("'soon' (expected: a time such as");
    assertThat(receiver.ids).isEmpty();

    assertThat(ingest("--expires", "2100-01-01T00:00:00Z").exitCode()).isEqualTo(ExitCode.OK);
    assertThat(receiver.ids).containsExactly("one.jpg");
    assertThat(receiver.expiries).containsExactly("2100-01-01T00:00:00Z");
  }

  @Test
  void imagesAreSentWhateverTheyAreNamed() throws IOException {
    write("one.jpg", JPEG);
    write("below/two", JPEG);
    write(".hidden/three.jpg", JPEG);

    Execution result = ingest("--id-prefix", "x/");

    assertThat(result.exitCode()).as(result.err()).isEqualTo(ExitCode.OK);
    assertThat(receiver.ids).containsExactly("x/below/two", "x/one.jpg");
  }

  @Test
  void refusalOfTheCallerEndsTheRunWithItsReason() throws IOException {
    write("one.jpg", JPEG);
    receiver.answers.put(
        "one.jpg",
        io.grpc.Status.PERMISSION_DENIED.withDescription(
            "id: 'one.jpg' (expected: one that begins with 'shop/')"));

    Execution result = ingest();

    assertThat(result.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(result.err()).contains("id: 'one.jpg' (expected: one that begins with 'shop/')");
  }

  @Test
  void filesOfOtherFormatsAreNamedWithTheReason() throws IOException {
    write("good.jpg", JPEG);
    for (Map.Entry<String, String> file : UNSUPPORTED.entrySet()) {
      write(file.getKey(), file.getValue());
    }
    write("notes.txt", "no image");
    write("empty.png", "");
    Files.createSymbolicLink(directory.resolve("broken.jpg"), directory.resolve("nowhere"));

    Execution result = ingest();

    assertThat(result.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(receiver.ids).containsExactly("good.jpg");
    assertThat(result.err())
        .contains(UNSUPPORTED.keySet())
        .contains(
            "unsupported format JPEG XL: expected: JPEG, PNG, WebP, GIF, BMP, TIFF, AVIF or HEIC")
        .contains("notes.txt: not an image")
        .contains("empty.png: not an image: the file is empty")
        .contains("broken.jpg: not a regular file")
        .contains("3 unsupported format HEIF with neither AV1 nor HEVC")
        .contains("2 unsupported format BigTIFF")
        .contains("2 unsupported format JPEG XL")
        .contains("1 unsupported format JPEG 2000")
        .contains("1 unsupported format SVG");
    assertThat(result.out()).contains("sent 1 images").contains("left out 12");
  }

  @Test
  void fileTooLargeForTheMemoryIsNamedWithTheLimit() throws IOException {
    write("good.jpg", JPEG);
    write("huge.jpg", JPEG);
    try (RandomAccessFile huge =
        new RandomAccessFile(directory.resolve("huge.jpg").toFile(), "rw")) {
      huge.setLength(Runtime.getRuntime().maxMemory());
    }

    Execution result = ingest();

    assertThat(result.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(receiver.ids).containsExactly("good.jpg");
    assertThat(result.err())
        .contains("huge.jpg: too large: " + Runtime.getRuntime().maxMemory() + " bytes")
        .contains("expected: at most");
    assertThat(result.out()).contains("sent 1 images");
  }

  @Test
  void whatTheServiceRefusesIsNamedWithItsReason() throws IOException {
    write("good.jpg", JPEG);
    write("bad.jpg", JPEG);
    receiver.answers.put(
        "bad.jpg", io.grpc.Status.INVALID_ARGUMENT.withDescription("image: 3 bytes (expected: 4)"));

    Execution result = ingest();

    assertThat(result.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(result.err()).contains("bad.jpg: refused: image: 3 bytes (expected: 4)");
    assertThat(receiver.ids).containsExactly("good.jpg");
  }

  @Test
  void serviceThatIsBusyIsTriedAgain() throws IOException {
    write("one.jpg", JPEG);
    receiver.overloads.set(2);

    assertThat(ingest().exitCode()).isEqualTo(ExitCode.OK);
    assertThat(receiver.ids).containsExactly("one.jpg");
  }

  @Test
  void failureOfTheServiceEndsTheRunAndSaysHowFarItWent() throws IOException {
    write("one.jpg", JPEG);
    receiver.answers.put("one.jpg", io.grpc.Status.INTERNAL.withDescription("disk on fire"));

    Execution result = ingest();

    assertThat(result.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(result.err()).contains("disk on fire");
    assertThat(result.out()).contains("sent 0 images");
  }

  @Test
  void thousandsOfFilesLeftOutAreFewLines() throws IOException {
    for (int i = 0; i < 1_000; i++) {
      write("%04d.psd".formatted(i), "8BPS");
    }

    assertThat(ingest().err())
        .contains("0000.psd", "980 more files (--verbose names all)")
        .contains("left out 1000 files: 1000 unsupported format PSD")
        .doesNotContain("0500.psd");
    assertThat(ingest("--verbose").err()).contains("0000.psd", "0500.psd", "0999.psd");
    JsonNode json = new JsonMapper().readTree(ingest("--json").out());
    assertThat(json.get("left_out")).hasSize(1_000);
    assertThat(json.get("left_out").get(500).get("reason").asText())
        .isEqualTo("unsupported format PSD");
    assertThat(json.get("refused").asInt()).isEqualTo(1_000);
  }

  @Test
  void emptyDirectoryIsAFailure() {
    ingest().assertFailedWith(ExitCode.FAILED, "no files below");
  }
}
