package dev.mekiki.query.openapi;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.linecorp.armeria.common.HttpMethod;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/// What HTTP has beside what the annotations of protobuf say: pictures as bodies, parameters named
/// otherwise, and which errors a method has of its own.
final class HttpExtras {
  /// The field that a body is where it is a picture, by method.
  private static final Map<String, String> PICTURES =
      Map.of(
          "Search", "image",
          "Compare", "image_a",
          "PutImage", "image",
          "CreateMute", "image");

  /// Statuses of errors beside those of every path, by method.
  private static final Map<String, List<Integer>> ERRORS =
      Map.ofEntries(
          Map.entry("Search", List.of(404, 503)),
          Map.entry("Compare", List.of(404, 503)),
          Map.entry("GetImage", List.of(404, 503)),
          Map.entry("ListImages", List.of(503)),
          Map.entry("SearchMany", List.of()),
          Map.entry("PutImages", List.of()),
          Map.entry("PutImage", List.of(503)),
          Map.entry("DeleteImage", List.of(503)),
          Map.entry("ListMatches", List.of()),
          Map.entry("GetStatus", List.of()),
          Map.entry("ListCenters", List.of(503)),
          Map.entry("GetCenterSizes", List.of(503)),
          Map.entry("GetSession", List.of()),
          Map.entry("ListGroups", List.of(503)),
          Map.entry("GetGroup", List.of(404, 503)),
          Map.entry("GetImageGroup", List.of(404, 503)),
          Map.entry("CreateMute", List.of(503)),
          Map.entry("ListMutes", List.of()),
          Map.entry("DeleteMute", List.of(404)),
          Map.entry("PutVerdict", List.of(404, 503)),
          Map.entry("ListVerdicts", List.of()),
          Map.entry("DeleteVerdict", List.of(404)),
          Map.entry("ListQuarantine", List.of(503)),
          Map.entry("ListTenants", List.of()),
          Map.entry("PutTenant", List.of(503)),
          Map.entry("StartRematch", List.of(409, 503)),
          Map.entry("GetRematch", List.of(404)),
          Map.entry("CancelRematch", List.of(404)));

  private static final List<Integer> EVERY_PATH = List.of(400, 401, 403, 429);

  private HttpExtras() {}

  /// The statuses of the errors that a path documents, ascending.
  static SortedSet<Integer> errors(String rpc, boolean hasBody) {
    TreeSet<Integer> errors = new TreeSet<>(EVERY_PATH);
    List<Integer> own = ERRORS.get(rpc);
    if (own == null) {
      throw new AssertionError(rpc + ": no errors are named here");
    }
    errors.addAll(own);
    if (hasBody) {
      errors.add(413);
    }
    return errors;
  }

  /// The field that a body is where it is a picture.
  static Optional<FieldDescriptor> picture(HttpBinding binding) {
    return Optional.ofNullable(PICTURES.get(binding.rpc().getName()))
        .map(binding.rpc().getInputType()::findFieldByName);
  }

  /// Whether a field is a parameter beside a body that is a picture.
  static boolean standsBeside(FieldDescriptor picture, FieldDescriptor field) {
    boolean isAlternative =
        picture.getRealContainingOneof() != null
            && picture.getRealContainingOneof().equals(field.getRealContainingOneof());
    return !isAlternative
        && field.getJavaType() != FieldDescriptor.JavaType.BYTE_STRING
        && !field.getName().equals(picture.getName().replaceFirst("^image_", ""));
  }

  /// How a parameter is called. `NAME` stands for any name in those of a map.
  static String parameter(HttpBinding binding, FieldDescriptor field) {
    if (field.isMapField()) {
      return field.getJsonName() + ".NAME";
    }
    return binding.path().equals("/v1/groups/of") && field.getName().equals("image_id")
        ? "id"
        : field.getJsonName();
  }

  /// Whether a path cannot do without a parameter.
  static boolean isRequired(HttpBinding binding, String parameter) {
    return switch (binding.path()) {
      case "/v1/images" -> parameter.equals("id") && binding.method() != HttpMethod.GET;
      case "/v1/mutes", "/v1/groups/of" -> parameter.equals("id");
      case "/v1/compare" -> true;
      default -> false;
    };
  }
}
