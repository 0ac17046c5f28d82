package dev.mekiki.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.mekiki.schemas.v1.Match;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// The examples in docs/api.md, run as they stand there. One whose program is not installed is
/// skipped.
class DocumentedExamplesIT {
  private static final Path PAGE =
      Path.of(Objects.requireNonNull(System.getProperty("mekiki.root"), "mekiki.root"))
          .resolve("docs/api.md");

  private static final Pattern BLOCK =
      Pattern.compile("^```(sh|python)\\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);
  private static final String PYTHON = "/usr/bin/python3";

  @TempDir static Path directory;

  private static WholeService service;

  /// @param needs a command that succeeds where what it runs with is installed
  /// @param prints what must be in its output
  private record Example(
      String name, String needs, List<String> command, String text, List<String> prints) {}

  @BeforeAll
  static void start() throws Exception {
    service = new WholeService(directory);
    Files.write(directory.resolve("shirt.jpg"), Pictures.jpeg(1, 0.9f));
    try (InputStream description =
        Match.class.getResourceAsStream("/META-INF/armeria/grpc/mekiki.dsc")) {
      Files.copy(Objects.requireNonNull(description), directory.resolve("mekiki.dsc"));
    }
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @Test
  void eachProgramHasAnExample() throws IOException {
    assertThat(examples())
        .extracting(Example::name)
        .containsExactly("curl", "kcat", "python", "protoc", "grpcio");
  }

  @TestFactory
  Stream<DynamicTest> everyExampleDoesWhatItSays() throws IOException {
    return examples().stream()
        .map(example ->
            DynamicTest.dynamicTest(
                example.name(),
                () -> {
                  assumeTrue(
                      run(List.of("/bin/sh", "-c", example.needs())).status() == 0,
                      example.name() + " is not installed: " + example.needs());
                  List<String> command = new ArrayList<>(example.command());
                  command.add(example.text());
                  Ran ran = run(command);
                  assertThat(ran.status()).as(ran.output()).isZero();
                  example.prints().forEach(text -> assertThat(ran.output()).contains(text));
                }));
  }

  private static List<Example> examples() throws IOException {
    String page = Files.readString(PAGE);
    int from = page.indexOf("\n## Examples\n");
    assertThat(from).isPositive();
    Matcher block = BLOCK.matcher(page.substring(from, page.indexOf("\n## ", from + 4)));
    List<Example> examples = new ArrayList<>();
    while (block.find()) {
      String text = block.group(2);
      examples.add(
          switch (block.group(1)) {
            case "python" -> python(text);
            default -> shell(text);
          });
    }
    return examples;
  }

  private static Example python(String text) {
    if (text.contains("import grpc\n")) {
      return new Example(
          "grpcio",
          PYTHON
              + " -c 'import grpc, google.protobuf' && command -v protoc && command -v grpc_python_plugin",
          List.of(PYTHON, "-c"),
          text,
          List.of("complete", "hit example/grpc-", "NOT_FOUND id: 'example/none.jpg'", "match "));
    }
    return new Example(
        "python",
        PYTHON + " -c 'import confluent_kafka, requests'",
        List.of(PYTHON, "-c"),
        text,
        List.of("hit example/", "match EXACT example/python-"));
  }

  private static Example shell(String text) {
    String program = text.substring(0, text.indexOf(' '));
    return new Example(
        program,
        program.equals("protoc")
            ? "command -v protoc && command -v grpc_python_plugin"
            : "command -v " + program,
        List.of("/bin/bash", "-euo", "pipefail", "-c"),
        text,
        switch (program) {
          case "curl" -> List.of("\"imageId\":\"example/", "\"images\":[{\"id\":\"example/");
          case "kcat" -> List.of("\"kind\":\"EXACT\"", "\"later\":{\"id\":\"example/");
          default -> List.of();
        });
  }

  private record Ran(int status, String output) {}

  private static Ran run(List<String> command) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
    builder
        .environment()
        .putAll(
            Map.of(
                "MEKIKI",
                service.query.url(),
                "KAFKA",
                service.broker.bootstrapServers(),
                "PROTOS",
                directory.resolve("mekiki.dsc").toString()));
    Path output = Files.createTempFile(directory, "output", "");
    Process process = builder.redirectOutput(output.toFile()).start();
    if (!process.waitFor(90, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("not ended: " + Files.readString(output));
    }
    return new Ran(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
  }
}
