package dev.mekiki.query.openapi;

import com.google.common.base.CaseFormat;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import com.google.protobuf.DescriptorProtos.SourceCodeInfo.Location;
import com.google.protobuf.Descriptors.GenericDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// The comments of the protobuf files, which the compiler keeps in a file of descriptors beside the
/// classes.
final class ProtoComments {
  private static final String FILE = "/META-INF/armeria/grpc/mekiki.dsc";
  private static final Pattern SNAKE_CASE = Pattern.compile("`[a-z0-9]+(_[a-z0-9]+)+`");

  private final Map<String, String> byName = new HashMap<>();

  ProtoComments() {
    try (InputStream file = ProtoComments.class.getResourceAsStream(FILE)) {
      FileDescriptorSet.parseFrom(Objects.requireNonNull(file, FILE))
          .getFileList()
          .forEach(this::read);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// What stands above something, on one line; empty where nothing does. Fields are named as JSON
  /// names them.
  String of(GenericDescriptor described) {
    return byName.getOrDefault(described.getFullName(), "");
  }

  /// The first sentence of that.
  static String summary(String comment) {
    int end = comment.indexOf(". ");
    String first = end < 0 ? comment : comment.substring(0, end);
    return first.endsWith(".") ? first.substring(0, first.length() - 1) : first;
  }

  private void read(FileDescriptorProto file) {
    Map<List<Integer>, String> byPath = new HashMap<>();
    for (Location location : file.getSourceCodeInfo().getLocationList()) {
      if (location.hasLeadingComments()) {
        byPath.put(location.getPathList(), text(location.getLeadingComments()));
      }
    }
    Scope scope = new Scope(file.getPackage(), List.of(), byPath);
    for (int i = 0; i < file.getMessageTypeCount(); i++) {
      read(
          file.getMessageType(i),
          scope.in(
              FileDescriptorProto.MESSAGE_TYPE_FIELD_NUMBER, i, file.getMessageType(i).getName()));
    }
    for (int i = 0; i < file.getEnumTypeCount(); i++) {
      read(
          file.getEnumType(i),
          scope.in(FileDescriptorProto.ENUM_TYPE_FIELD_NUMBER, i, file.getEnumType(i).getName()));
    }
    for (int i = 0; i < file.getServiceCount(); i++) {
      ServiceDescriptorProto service = file.getService(i);
      Scope inner = scope.in(FileDescriptorProto.SERVICE_FIELD_NUMBER, i, service.getName());
      for (int m = 0; m < service.getMethodCount(); m++) {
        var _ =
            inner.in(ServiceDescriptorProto.METHOD_FIELD_NUMBER, m, service.getMethod(m).getName());
      }
    }
  }

  private void read(DescriptorProto message, Scope scope) {
    for (int i = 0; i < message.getFieldCount(); i++) {
      var _ = scope.in(DescriptorProto.FIELD_FIELD_NUMBER, i, message.getField(i).getName());
    }
    for (int i = 0; i < message.getNestedTypeCount(); i++) {
      DescriptorProto nested = message.getNestedType(i);
      read(nested, scope.in(DescriptorProto.NESTED_TYPE_FIELD_NUMBER, i, nested.getName()));
    }
    for (int i = 0; i < message.getEnumTypeCount(); i++) {
      EnumDescriptorProto nested = message.getEnumType(i);
      read(nested, scope.in(DescriptorProto.ENUM_TYPE_FIELD_NUMBER, i, nested.getName()));
    }
  }

  private static void read(EnumDescriptorProto constants, Scope scope) {
    for (int i = 0; i < constants.getValueCount(); i++) {
      var _ = scope.in(EnumDescriptorProto.VALUE_FIELD_NUMBER, i, constants.getValue(i).getName());
    }
  }

  private static String text(String comment) {
    return SNAKE_CASE
        .matcher(comment.strip().replaceAll("\\s+", " "))
        .replaceAll(ProtoComments::jsonName);
  }

  private static String jsonName(MatchResult name) {
    return CaseFormat.LOWER_UNDERSCORE.to(CaseFormat.LOWER_CAMEL, name.group());
  }

  /// Where in a file something stands, and what it is called.
  private final class Scope {
    private final String name;
    private final List<Integer> path;
    private final Map<List<Integer>, String> comments;

    Scope(String name, List<Integer> path, Map<List<Integer>, String> comments) {
      this.name = name;
      this.path = path;
      this.comments = comments;
      String comment = comments.get(path);
      if (comment != null) {
        byName.put(name, comment);
      }
    }

    Scope in(int field, int index, String inner) {
      List<Integer> below = new ArrayList<>(path);
      below.add(field);
      below.add(index);
      return new Scope(name + "." + inner, below, comments);
    }
  }
}
