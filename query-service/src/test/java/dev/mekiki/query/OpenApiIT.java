package dev.mekiki.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// Every path of the OpenAPI document against real services: each success and each error that it
/// names is provoked, and the answer must be what the document says.
class OpenApiIT {
  private static final Pattern EXPECTED =
      Pattern.compile("unknown parameter \\(expected: (.*?)\\)");

  @TempDir static Path directory;

  private static ApiCalls calls;
  private static ApiDocument document;

  @BeforeAll
  static void start() throws Exception {
    calls = new ApiCalls(directory);
    AggregatedHttpResponse served = calls.open("/v1/openapi.json");
    assertThat(served.status()).isEqualTo(HttpStatus.OK);
    assertThat(served.contentType()).isEqualTo(MediaType.JSON_UTF_8);
    document = new ApiDocument(served.contentUtf8());
  }

  @AfterAll
  static void stop() {
    calls.close();
  }

  @TestFactory
  Stream<DynamicTest> everySuccessIsAsDocumented() {
    return document.operations().stream()
        .map(operation ->
            DynamicTest.dynamicTest(
                operation.name(),
                () -> {
                  List<AggregatedHttpResponse> answers = calls.successes(operation);
                  assertThat(answers).isNotEmpty();
                  for (AggregatedHttpResponse answer : answers) {
                    assertThat(answer.status()).as(answer.contentUtf8()).isEqualTo(HttpStatus.OK);
                    document.check(operation, answer, true);
                  }
                }));
  }

  @TestFactory
  Stream<DynamicTest> everyErrorIsAsDocumented() {
    return document.operations().stream()
        .flatMap(operation ->
            operation.errors().stream()
                .map(status ->
                    DynamicTest.dynamicTest(
                        operation.name() + " " + status,
                        () -> {
                          AggregatedHttpResponse answer = calls.error(operation, status);
                          assertThat(answer.status().code())
                              .as(answer.contentUtf8())
                              .isEqualTo(status);
                          document.check(operation, answer, calls.isCounted(operation, status));
                        })));
  }

  @TestFactory
  Stream<DynamicTest> theParametersAreThoseThatAreTaken() {
    return document.operations().stream()
        .filter(operation -> !operation.path().equals("/v1/openapi.json"))
        .map(operation ->
            DynamicTest.dynamicTest(
                operation.name(),
                () -> {
                  TreeSet<String> taken = new TreeSet<>();
                  for (AggregatedHttpResponse answer : calls.unknownParameter(operation)) {
                    Matcher expected = EXPECTED.matcher(answer.contentUtf8());
                    assertThat(expected.find()).as(answer.contentUtf8()).isTrue();
                    if (!expected.group(1).equals("none")) {
                      taken.addAll(List.of(expected.group(1).split(", ")));
                    }
                  }
                  assertThat(taken).isEqualTo(operation.queryParameters());
                }));
  }

  @Test
  void theDocumentIsNotSentTwiceToWhoHasIt() {
    AggregatedHttpResponse first = calls.open("/v1/openapi.json");
    String tag = first.headers().get(HttpHeaderNames.ETAG);
    assertThat(tag).isNotNull();
    assertThat(calls.open("/v1/openapi.json", Map.of("if-none-match", tag)).status())
        .isEqualTo(HttpStatus.NOT_MODIFIED);
  }

  @Test
  void aThumbnailIsNotSentTwiceToWhoHasIt() throws Exception {
    AggregatedHttpResponse first = calls.send(HttpMethod.GET, "/v1/thumbnails/one");
    String tag = first.headers().get(HttpHeaderNames.ETAG, "");
    assertThat(first.headers().get(HttpHeaderNames.CACHE_CONTROL)).isEqualTo("private, no-cache");
    for (String known : List.of(tag, "W/" + tag, "\"other\", " + tag, "*")) {
      AggregatedHttpResponse again =
          calls.sendWith("/v1/thumbnails/one", Map.of("if-none-match", known));
      assertThat(again.status()).as(known).isEqualTo(HttpStatus.NOT_MODIFIED);
      assertThat(again.headers().get(HttpHeaderNames.ETAG)).isEqualTo(tag);
      document.check(document.operation("GET /v1/thumbnails/{id}"), again, true);
    }
    for (String other : List.of("\"other\"", tag.replace("\"", ""), tag.replace("-", "-0"))) {
      assertThat(calls.sendWith("/v1/thumbnails/one", Map.of("if-none-match", other)).content())
          .as(other)
          .isEqualTo(first.content());
    }
    // Another image has another tag; one of the same bytes the same.
    assertThat(tagOf("two")).isEqualTo(tag);
    assertThat(tagOf("other")).isNotEqualTo(tag);
    // Who does not see an image does not learn that its thumbnail is still the one it knows.
    assertThat(calls.asTenant("/v1/thumbnails/one", Map.of("if-none-match", tag)).status())
        .isEqualTo(HttpStatus.NOT_FOUND);
  }

  private static String tagOf(String id) {
    return calls
        .send(HttpMethod.GET, "/v1/thumbnails/" + id)
        .headers()
        .get(HttpHeaderNames.ETAG, "");
  }

  @Test
  void anotherMethodThanThoseOfAPathIsRefused() {
    List<String> wrong = new ArrayList<>();
    for (Map.Entry<String, JsonNode> path : document.paths()) {
      if (path.getKey().endsWith("/group")) {
        // With another method that is an image whose id ends so.
        continue;
      }
      for (String name : List.of("GET", "PUT", "POST", "DELETE", "PATCH")) {
        if (!path.getValue().has(name.toLowerCase(Locale.ROOT))) {
          AggregatedHttpResponse answer =
              calls.send(HttpMethod.valueOf(name), path.getKey().replaceAll("\\{\\w+}", "x"));
          if (!answer.status().equals(HttpStatus.METHOD_NOT_ALLOWED)
              || document.isNoProblem(answer)) {
            wrong.add(name + " " + path.getKey() + ": " + answer.status() + answer.contentUtf8());
          }
        }
      }
    }
    assertThat(wrong).isEmpty();
  }
}
