package dev.mekiki.query.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.query.api.Endpoints;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.ParseOptions;
import io.swagger.v3.parser.core.models.SwaggerParseResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// Holds the checked-in OpenAPI document to the code. To write it anew:
///
///     mvn -pl query-service -am test -Dtest=OpenApiTest \
///         -Dmekiki.test.arguments=-Dmekiki.write-openapi=true -Dsurefire.failIfNoSpecifiedTests=false
class OpenApiTest {
  private static final Path FILE =
      Path.of(Objects.requireNonNull(System.getProperty("mekiki.root"), "mekiki.root"))
          .resolve("query-service/src/main/resources/dev/mekiki/query/api/openapi.json");

  /// Needs no token, so that the table of roles does not have it.
  private static final String OPEN = "GET /v1/openapi.json";

  @Test
  void theCheckedInDocumentIsWhatTheCodeSays() throws IOException {
    String document = OpenApiGenerator.document();
    if (Boolean.getBoolean("mekiki.write-openapi")) {
      Files.writeString(FILE, document);
      return;
    }
    assertThat(Files.readString(FILE))
        .as("%s; -Dmekiki.write-openapi=true writes it anew", FILE)
        .isEqualTo(document);
  }

  @Test
  void aParserFindsNothingWrong() {
    ParseOptions options = new ParseOptions();
    options.setResolve(true);
    SwaggerParseResult parsed =
        new OpenAPIV3Parser().readContents(OpenApiGenerator.document(), null, options);

    assertThat(parsed.getMessages()).isEmpty();
    assertThat(parsed.getOpenAPI().getOpenapi()).isEqualTo("3.1.0");
  }

  @Test
  void itHasEveryEndpointThatHasARoleAndNoOther() {
    TreeSet<String> documented = new TreeSet<>();
    parsed()
        .getPaths()
        .forEach((path, item) ->
            item.readOperationsMap()
                .forEach((method, operation) -> documented.add(endpoint(method, path))));
    assertThat(documented).contains(OPEN);
    documented.remove(OPEN);

    TreeSet<String> served = new TreeSet<>();
    for (String endpoint : Endpoints.PERMISSIONS.endpoints().keySet()) {
      if (endpoint.contains("/v1/") && !endpoint.endsWith("/v1/*")) {
        served.add(endpoint.contains(" ") ? endpoint : onlyMethod(endpoint, documented));
      }
    }
    assertThat(documented).isEqualTo(served);
  }

  @Test
  void everyOperationIsDescribed() {
    List<String> bare = new ArrayList<>();
    for (Map.Entry<String, PathItem> path : parsed().getPaths().entrySet()) {
      for (Operation operation : path.getValue().readOperations()) {
        if (operation.getSummary() == null || operation.getSummary().isBlank()) {
          bare.add(path.getKey() + " " + operation.getOperationId());
        }
      }
    }
    assertThat(bare).isEmpty();
  }

  /// The table leaves the method out where a path has but one.
  private static String onlyMethod(String path, Set<String> documented) {
    List<String> methods = documented.stream().filter(one -> one.endsWith(" " + path)).toList();
    if (path.equals("/v1/compare")) {
      // One role for both.
      assertThat(methods).containsExactly("GET /v1/compare", "POST /v1/compare");
      documented.remove("POST /v1/compare");
      return "GET /v1/compare";
    }
    assertThat(methods).as(path).hasSize(1);
    return methods.getFirst();
  }

  private static String endpoint(PathItem.HttpMethod method, String path) {
    return method + " " + OpenApiGenerator.pattern(path);
  }

  private static OpenAPI parsed() {
    return new OpenAPIV3Parser().readContents(OpenApiGenerator.document(), null, null).getOpenAPI();
  }
}
