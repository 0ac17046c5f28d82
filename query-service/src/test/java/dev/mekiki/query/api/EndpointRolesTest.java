package dev.mekiki.query.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.api.AnnotationsProto;
import com.google.api.HttpRule;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import dev.mekiki.runtime.server.Role;
import dev.mekiki.schemas.v1.Api;
import dev.mekiki.schemas.v1.GroupsOuterClass;
import dev.mekiki.schemas.v1.PolicyOuterClass;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// The roles of the API: what a method is called says what it needs, and over HTTP it needs the
/// same.
class EndpointRolesTest {
  private static final Map<String, Optional<Role>> TABLE = EndpointRoles.TABLE.endpoints();

  @TestFactory
  Stream<DynamicTest> everyMethodNeedsWhatItsNameSaysOverHttpToo() {
    return Stream.of(
            Api.getDescriptor(), GroupsOuterClass.getDescriptor(), PolicyOuterClass.getDescriptor())
        .map(FileDescriptor::getServices)
        .flatMap(List::stream)
        .map(ServiceDescriptor::getMethods)
        .flatMap(List::stream)
        .map(method ->
            DynamicTest.dynamicTest(
                method.getName(),
                () -> {
                  Optional<Role> role = expected(method.getName());
                  assertThat(TABLE)
                      .containsEntry(
                          "/%s/%s".formatted(method.getService().getFullName(), method.getName()),
                          role);
                  for (String endpoint : http(method)) {
                    assertThat(TABLE).containsEntry(key(endpoint), role);
                  }
                }));
  }

  @Test
  void onlyTheCallersOwnSessionNeedsNoRole() {
    assertThat(
            TABLE.entrySet().stream()
                .filter(entry -> entry.getValue().isEmpty())
                .map(Map.Entry::getKey))
        .containsExactlyInAnyOrder(
            "/v1/session",
            "/mekiki.v1.Mekiki/GetSession",
            "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
            "/v1",
            "/v1/*");
  }

  private static Optional<Role> expected(String method) {
    return switch (method) {
      case "GetSession" -> Optional.empty();
      case "PutImage", "PutImages", "DeleteImage" -> Optional.of(Role.WRITE);
      case "CreateMute", "DeleteMute", "PutVerdict", "DeleteVerdict" -> Optional.of(Role.REVIEW);
      case "PutTenant", "StartRematch", "CancelRematch" -> Optional.of(Role.OPERATE);
      default -> {
        assertThat(method).matches("(Get|List|Search|Compare|Stream).*");
        yield Optional.of(Role.READ);
      }
    };
  }

  private static List<String> http(MethodDescriptor method) {
    HttpRule rule = method.getOptions().getExtension(AnnotationsProto.http);
    List<HttpRule> rules = new ArrayList<>(rule.getAdditionalBindingsList());
    rules.add(rule);
    return rules.stream()
        .map(one ->
            switch (one.getPatternCase()) {
              case GET -> "GET " + one.getGet();
              case PUT -> "PUT " + one.getPut();
              case POST -> "POST " + one.getPost();
              case DELETE -> "DELETE " + one.getDelete();
              default -> "";
            })
        .filter(endpoint -> !endpoint.isEmpty())
        .map(endpoint -> endpoint.replaceFirst("(/v1/\\w+/)\\{id=\\*\\*}$", "^$1(?<id>.+)\\$"))
        // An image's group is told from an image whose id ends so by what there is.
        .map(endpoint ->
            endpoint.replaceFirst("/v1/images/\\{.*}/group$", "^/v1/images/(?<id>.+)\\$"))
        .toList();
  }

  /// How the table names an endpoint: without its method where all have one role.
  private static String key(String endpoint) {
    return TABLE.containsKey(endpoint) ? endpoint : endpoint.substring(endpoint.indexOf(' ') + 1);
  }
}
