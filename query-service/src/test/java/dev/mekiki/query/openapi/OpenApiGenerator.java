package dev.mekiki.query.openapi;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpStatus;
import dev.mekiki.query.api.Endpoints;
import dev.mekiki.runtime.server.Role;
import dev.mekiki.schemas.v1.Api;
import dev.mekiki.schemas.v1.GroupsOuterClass;
import dev.mekiki.schemas.v1.Match;
import dev.mekiki.schemas.v1.PolicyOuterClass;
import io.swagger.v3.core.util.Json31;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.Paths;
import io.swagger.v3.oas.models.SpecVersion;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.parameters.RequestBody;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import io.swagger.v3.oas.models.servers.Server;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Makes the OpenAPI document of `/v1`.
public final class OpenApiGenerator {
  private static final String JSON = "application/json";
  private static final String BEARER = "bearer";
  private static final Schema<?> FILE =
      new JsonSchema().contentMediaType("application/octet-stream");
  private static final Map<String, Optional<Role>> ROLES = Endpoints.PERMISSIONS.endpoints();

  private final ProtoComments comments = new ProtoComments();
  private final List<HttpBinding> bindings =
      Stream.of(
              Api.getDescriptor(),
              GroupsOuterClass.getDescriptor(),
              PolicyOuterClass.getDescriptor())
          .map(FileDescriptor::getServices)
          .flatMap(List::stream)
          .flatMap(service -> service.getMethods().stream())
          .flatMap(method -> HttpBinding.of(method).stream())
          .toList();
  private final MessageSchemas messages = new MessageSchemas(comments, written());
  private final Map<String, PathItem> paths = new TreeMap<>();

  private OpenApiGenerator() {}

  /// The document as JSON, with a line break at its end.
  public static String document() {
    return Json31.pretty(new OpenApiGenerator().generate()) + "\n";
  }

  private List<Descriptor> written() {
    List<Descriptor> written =
        new ArrayList<>(
            bindings.stream().map(HttpBinding::rpc).map(MethodDescriptor::getOutputType).toList());
    written.add(Match.getDescriptor());
    return written;
  }

  private OpenAPI generate() {
    for (HttpBinding binding : bindings) {
      add(binding.method(), binding.path(), operation(binding));
    }
    HttpOnlyPaths.add(this);
    Paths all = new Paths();
    paths.forEach(all::addPathItem);
    Components components =
        new Components()
            .addSecuritySchemes(
                BEARER,
                new SecurityScheme()
                    .type(SecurityScheme.Type.HTTP)
                    .scheme("bearer")
                    .description(
                        "A token, where the service asks for one. It needs the role that an operation names."));
    messages.schemas().forEach(components::addSchemas);
    CommonResponses.addTo(components);
    return new OpenAPI(SpecVersion.V31)
        .openapi("3.1.0")
        .info(
            new Info()
                .title("Mekiki")
                .version("v1")
                .description(
                    "Streaming image near-match index on Kafka. The same operations are served as gRPC at the same port. Ids in"
                        + " paths are escaped as usual; slashes may stay.")
                .license(new License().name("Apache 2.0").identifier("Apache-2.0")))
        .addServersItem(new Server().url("/"))
        .paths(all)
        .components(components);
  }

  /// Adds an operation to a path.
  void add(HttpMethod method, String path, Operation operation) {
    operation.addTagsItem(path.split("/", -1)[2]);
    role(method, path)
        .ifPresent(role ->
            operation.addSecurityItem(
                new SecurityRequirement().addList(BEARER, role.stream().map(Role::text).toList())));
    PathItem item = paths.computeIfAbsent(path, _ -> new PathItem());
    PathItem.HttpMethod name = PathItem.HttpMethod.valueOf(method.name());
    Operation other = item.readOperationsMap().get(name);
    item.operation(name, other == null ? operation : JoinedOperations.of(other, operation));
  }

  /// The operation that a path has already.
  Operation existing(HttpMethod method, String path) {
    return Objects.requireNonNull(
        Objects.requireNonNull(paths.get(path), path)
            .readOperationsMap()
            .get(PathItem.HttpMethod.valueOf(method.name())));
  }

  /// The schema of a message that is written.
  Schema<?> written(Descriptor message) {
    return messages.response(message);
  }

  /// The role that a path needs, within: none where any known caller may; empty where no token is
  /// asked for.
  private static Optional<Optional<Role>> role(HttpMethod method, String path) {
    String pattern = pattern(path);
    return Optional.ofNullable(ROLES.get(method + " " + pattern))
        .or(() -> Optional.ofNullable(ROLES.get(pattern)));
  }

  /// The path as the table of roles names it.
  static String pattern(String path) {
    return path.contains("{")
        ? path.replaceFirst("\\{.*", "").transform("^%s(?<id>.+)$"::formatted)
        : path;
  }

  private Operation operation(HttpBinding binding) {
    String comment = comments.of(binding.rpc());
    Operation operation =
        new Operation()
            .operationId(binding.operationId())
            .summary(ProtoComments.summary(comment))
            .description(comment);
    Descriptor input = binding.rpc().getInputType();
    FieldDescriptor inPath = binding.field();
    if (inPath != null) {
      operation.addParametersItem(parameter(binding, inPath).in("path").required(true));
    }
    boolean hasBody = binding.method() == HttpMethod.POST || binding.method() == HttpMethod.PUT;
    Optional<FieldDescriptor> picture = hasBody ? HttpExtras.picture(binding) : Optional.empty();
    for (FieldDescriptor field : input.getFields()) {
      boolean isParameter =
          !field.equals(inPath)
              && (hasBody
                  ? picture.isPresent() && HttpExtras.standsBeside(picture.get(), field)
                  : field.getJavaType() != FieldDescriptor.JavaType.BYTE_STRING);
      if (isParameter) {
        operation.addParametersItem(parameter(binding, field).in("query"));
      }
    }
    if (hasBody) {
      operation.requestBody(body(binding, picture.isPresent()));
    }
    ApiResponses responses = new ApiResponses();
    responses.addApiResponse(
        "200",
        CommonResponses.ok(
            new Content()
                .addMediaType(
                    JSON, new MediaType().schema(written(binding.rpc().getOutputType())))));
    CommonResponses.addErrors(responses, HttpExtras.errors(binding.rpc().getName(), hasBody));
    return operation.responses(responses);
  }

  private Parameter parameter(HttpBinding binding, FieldDescriptor field) {
    String name = HttpExtras.parameter(binding, field);
    String comment = comments.of(field);
    Parameter parameter =
        new Parameter()
            .name(name)
            .schema(field.isMapField() ? JsonSchemas.typed("string") : messages.parameter(field));
    if (field.isMapField()) {
      comment += " Any number of them; NAME is the key.";
    }
    if (!comment.isBlank()) {
      parameter.description(comment.strip());
    }
    if (binding.method() != HttpMethod.PUT
        && binding.method() != HttpMethod.POST
        && HttpExtras.isRequired(binding, name)) {
      parameter.required(true);
    }
    return parameter;
  }

  private RequestBody body(HttpBinding binding, boolean takesPicture) {
    Content content =
        new Content()
            .addMediaType(
                JSON, new MediaType().schema(messages.request(binding.rpc().getInputType())));
    RequestBody body = new RequestBody().required(true).content(content);
    if (takesPicture) {
      content.addMediaType("image/*", new MediaType());
      content.addMediaType(
          "multipart/form-data",
          new MediaType().schema(JsonSchemas.object(Map.of("file", FILE), List.of("file"))));
      body.description(
          "What begins like an image is one, whatever its type. The parameters stand beside an image or are other fields of a form; with JSON"
              + " they are fields of it.");
    }
    return body;
  }

  static ApiResponse reference(HttpStatus status) {
    return new ApiResponse().$ref("#/components/responses/" + CommonResponses.name(status));
  }
}
