package dev.mekiki.schemas.compatibility;

import com.google.api.AnnotationsProto;
import com.google.api.HttpRule;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import java.util.Collection;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;

/// What readers and callers of the .proto files rely on, one fact a line: the number, name, type
/// and label of each field, the number and name of each enum value, the request, response and HTTP
/// path of each rpc.
final class SchemaLines {
  private final SortedSet<String> lines = new TreeSet<>();

  private SchemaLines() {}

  static SortedSet<String> of(Collection<FileDescriptor> files) {
    SchemaLines lines = new SchemaLines();
    for (FileDescriptor file : files) {
      file.getMessageTypes().forEach(lines::addMessage);
      file.getEnumTypes().forEach(lines::addEnum);
      file.getServices().forEach(lines::addService);
    }
    return lines.lines;
  }

  private void addMessage(Descriptor message) {
    if (message.getOptions().getMapEntry()) {
      return;
    }
    lines.add("message " + message.getFullName());
    for (FieldDescriptor field : message.getFields()) {
      lines.add(
          "field %s %d %s %s"
              .formatted(message.getFullName(), field.getNumber(), field.getName(), typeOf(field)));
    }
    message.getNestedTypes().forEach(this::addMessage);
    message.getEnumTypes().forEach(this::addEnum);
  }

  private static String typeOf(FieldDescriptor field) {
    if (field.isMapField()) {
      return "map<%s, %s>"
          .formatted(
              nameOf(field.getMessageType().findFieldByName("key")),
              nameOf(field.getMessageType().findFieldByName("value")));
    }
    if (field.isRepeated()) {
      return "repeated " + nameOf(field);
    }
    OneofDescriptor oneof = field.getRealContainingOneof();
    if (oneof != null) {
      return "oneof %s %s".formatted(oneof.getName(), nameOf(field));
    }
    boolean optional = field.toProto().getProto3Optional();
    return optional ? "optional " + nameOf(field) : nameOf(field);
  }

  private static String nameOf(FieldDescriptor field) {
    return switch (field.getJavaType()) {
      case MESSAGE -> field.getMessageType().getFullName();
      case ENUM -> field.getEnumType().getFullName();
      case INT, LONG, FLOAT, DOUBLE, BOOLEAN, STRING, BYTE_STRING ->
          field.getType().name().toLowerCase(Locale.ROOT);
    };
  }

  private void addEnum(EnumDescriptor type) {
    type.getValues()
        .forEach(value ->
            lines.add(
                "enum %s %d %s".formatted(type.getFullName(), value.getNumber(), value.getName())));
  }

  private void addService(ServiceDescriptor service) {
    for (MethodDescriptor rpc : service.getMethods()) {
      lines.add(
          "rpc %s (%s%s) returns (%s%s)%s"
              .formatted(
                  rpc.getFullName(),
                  rpc.isClientStreaming() ? "stream " : "",
                  rpc.getInputType().getFullName(),
                  rpc.isServerStreaming() ? "stream " : "",
                  rpc.getOutputType().getFullName(),
                  http(rpc)));
    }
  }

  private static String http(MethodDescriptor rpc) {
    if (!rpc.getOptions().hasExtension(AnnotationsProto.http)) {
      return "";
    }
    HttpRule rule = rpc.getOptions().getExtension(AnnotationsProto.http);
    String path =
        switch (rule.getPatternCase()) {
          case GET -> "GET " + rule.getGet();
          case PUT -> "PUT " + rule.getPut();
          case POST -> "POST " + rule.getPost();
          case DELETE -> "DELETE " + rule.getDelete();
          case PATCH -> "PATCH " + rule.getPatch();
          case CUSTOM -> rule.getCustom().getKind() + " " + rule.getCustom().getPath();
          case PATTERN_NOT_SET -> "none";
        };
    return " http %s%s".formatted(path, rule.getBody().isEmpty() ? "" : " body " + rule.getBody());
  }
}
