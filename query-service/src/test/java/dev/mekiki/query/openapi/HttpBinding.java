package dev.mekiki.query.openapi;

import com.google.api.AnnotationsProto;
import com.google.api.HttpRule;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.linecorp.armeria.common.HttpMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// One of the paths by which HTTP calls a method.
///
/// @param rpc the method
/// @param method of HTTP
/// @param path with `{field}` in place of a part that holds a field
/// @param field the one that is part of the path; null where none is
/// @param operationId of this path alone
record HttpBinding(
    MethodDescriptor rpc,
    HttpMethod method,
    String path,
    @Nullable FieldDescriptor field,
    String operationId) {
  private static final Pattern TEMPLATE = Pattern.compile("\\{(\\w+)=\\*\\*}");

  /// Those that the annotations of a method name; none where it has none.
  static List<HttpBinding> of(MethodDescriptor rpc) {
    if (!rpc.getOptions().hasExtension(AnnotationsProto.http)) {
      return List.of();
    }
    HttpRule first = rpc.getOptions().getExtension(AnnotationsProto.http);
    List<HttpBinding> bindings = new ArrayList<>();
    bindings.add(of(rpc, first, null));
    first
        .getAdditionalBindingsList()
        .forEach(rule -> bindings.add(of(rpc, rule, bindings.getFirst())));
    return List.copyOf(bindings);
  }

  private static HttpBinding of(MethodDescriptor rpc, HttpRule rule, @Nullable HttpBinding first) {
    HttpMethod method = HttpMethod.valueOf(rule.getPatternCase().name());
    String pattern =
        switch (rule.getPatternCase()) {
          case GET -> rule.getGet();
          case PUT -> rule.getPut();
          case POST -> rule.getPost();
          case DELETE -> rule.getDelete();
          default -> throw new AssertionError(rpc.getFullName() + ": " + rule);
        };
    Matcher template = TEMPLATE.matcher(pattern);
    @Nullable FieldDescriptor field =
        template.find() ? rpc.getInputType().findFieldByName(template.group(1)) : null;
    String path =
        field == null
            ? pattern
            : pattern.replace(template.group(), "{%s}".formatted(field.getJsonName()));
    String name =
        rpc.getName().substring(0, 1).toLowerCase(Locale.ROOT) + rpc.getName().substring(1);
    if (first != null) {
      boolean both = (field == null) == (first.field() == null);
      name += both ? "" : field == null ? "ByParameter" : "ByPath";
      name +=
          method == first.method()
              ? ""
              : "With"
                  + method.name().charAt(0)
                  + method.name().substring(1).toLowerCase(Locale.ROOT);
    }
    return new HttpBinding(rpc, method, path, field, name);
  }
}
