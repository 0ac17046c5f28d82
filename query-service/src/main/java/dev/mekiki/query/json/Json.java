package dev.mekiki.query.json;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import com.linecorp.armeria.common.grpc.GrpcJsonMarshaller;
import dev.mekiki.schemas.text.BoundedText;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Messages as JSON, in protobuf's own form. Written with every field, also one that holds its
/// default, so that a reader does not mistake a misspelt field for 0; read strictly, so that a
/// misspelt field is an error.
public final class Json {
  private static final JsonFormat.Printer PRINTER =
      JsonFormat.printer().includingDefaultValueFields().omittingInsignificantWhitespace();

  private static final JsonFormat.Parser PARSER = JsonFormat.parser();

  /// No number or name of a constant is longer.
  private static final int MAX_SCALAR = 50;

  private Json() {}

  /// For gRPC methods that are called with JSON: as {@link #print} and {@link #merge} have it.
  public static GrpcJsonMarshaller marshaller() {
    return new Marshaller();
  }

  private static final class Marshaller implements GrpcJsonMarshaller {
    @Override
    public <T> void serializeMessage(
        MethodDescriptor.Marshaller<T> marshaller, T message, OutputStream output)
        throws IOException {
      output.write(print((Message) message).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public <T> T deserializeMessage(MethodDescriptor.Marshaller<T> marshaller, InputStream input)
        throws IOException {
      MethodDescriptor.PrototypeMarshaller<T> prototype =
          (MethodDescriptor.PrototypeMarshaller<T>) marshaller;
      byte[] body = input.readAllBytes();
      Message.Builder builder =
          ((Message) Objects.requireNonNull(prototype.getMessagePrototype())).newBuilderForType();
      try {
        merge(() -> new ByteArrayInputStream(body), builder);
      } catch (IllegalArgumentException e) {
        throw Status.INVALID_ARGUMENT.withDescription(e.getMessage()).asRuntimeException();
      }
      return prototype.getMessageClass().cast(builder.build());
    }
  }

  /// The message as one line of JSON.
  public static String print(Message message) {
    try {
      return PRINTER.print(message);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("Mekiki's messages hold no Any", e);
    }
  }

  /// Reads a message into a builder: one whose fields are scalars, bytes, texts, maps of texts, and
  /// messages of such fields, or lists of these.
  ///
  /// @param body UTF-8, can be opened several times
  /// @throws IllegalArgumentException naming the field where one is unknown or has a value of
  ///   another type, or the place where the text is no JSON
  public static void merge(Supplier<InputStream> body, Message.Builder builder) {
    checkFields(body, builder.getDescriptorForType());
    try (Reader reader = reader(body)) {
      PARSER.merge(reader, builder);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException(reason(body, builder, e), e);
    } catch (IOException e) {
      throw new IllegalArgumentException("body: cannot be read: " + shortened(e), e);
    }
  }

  /// Checks what the parser does not name, or takes too long for: reading a number takes a time
  /// quadratic in its digits.
  private static void checkFields(Supplier<InputStream> body, Descriptor message) {
    try (JsonReader reader = new JsonReader(reader(body))) {
      if (reader.peek() != JsonToken.BEGIN_OBJECT) {
        throw new IllegalArgumentException(
            "body: not a JSON object (expected: one with fields of %s)"
                .formatted(message.getFullName()));
      }
      checkObject(reader, message);
    } catch (IOException | IllegalStateException | NumberFormatException e) {
      throw new IllegalArgumentException(
          "body: no JSON: %s (expected: a JSON object)".formatted(shortened(e)), e);
    }
  }

  private static void checkObject(JsonReader reader, Descriptor message) throws IOException {
    reader.beginObject();
    while (reader.hasNext()) {
      String name = reader.nextName();
      FieldDescriptor field = field(message, name);
      if (field == null) {
        throw new IllegalArgumentException(
            "%s: unknown field (expected: %s)".formatted(BoundedText.quote(name), names(message)));
      }
      checkValue(reader, name, field);
    }
    reader.endObject();
  }

  private static void checkValue(JsonReader reader, String name, FieldDescriptor field)
      throws IOException {
    JsonToken token = reader.peek();
    if (token == JsonToken.BEGIN_ARRAY && field.isRepeated() && !field.isMapField()) {
      reader.beginArray();
      while (reader.hasNext()) {
        if (reader.peek() == JsonToken.BEGIN_ARRAY) {
          // No field is a list of lists; the parser refuses it.
          reader.skipValue();
        } else {
          checkValue(reader, name, field);
        }
      }
      reader.endArray();
      return;
    }
    if (token == JsonToken.BEGIN_OBJECT
        && field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
        && !field.isMapField()) {
      checkObject(reader, field.getMessageType());
      return;
    }
    boolean text =
        field.getJavaType() == FieldDescriptor.JavaType.STRING
            || field.getJavaType() == FieldDescriptor.JavaType.BYTE_STRING;
    boolean scalar = token == JsonToken.STRING || token == JsonToken.NUMBER;
    if (text || !scalar) {
      reader.skipValue();
      return;
    }
    String value = reader.nextString();
    if (value.length() > MAX_SCALAR) {
      throw new IllegalArgumentException(
          "%s: %d characters (expected: at most %d)".formatted(name, value.length(), MAX_SCALAR));
    }
  }

  private static @Nullable FieldDescriptor field(Descriptor message, String name) {
    return message.getFields().stream()
        .filter(field -> field.getJsonName().equals(name) || field.getName().equals(name))
        .findFirst()
        .orElse(null);
  }

  private static String names(Descriptor message) {
    return message.getFields().stream()
        .map(FieldDescriptor::getJsonName)
        .collect(Collectors.joining(", "));
  }

  private static Reader reader(Supplier<InputStream> body) {
    return new InputStreamReader(body.get(), StandardCharsets.UTF_8);
  }

  /// Why the parser refused it. Its messages do not name the field, so each field is read by
  /// itself.
  private static String reason(
      Supplier<InputStream> body, Message.Builder builder, InvalidProtocolBufferException whole) {
    JsonElement parsed;
    try (Reader reader = reader(body)) {
      parsed = JsonParser.parseReader(reader);
    } catch (JsonParseException | IOException e) {
      return "body: no JSON: %s (expected: a JSON object)".formatted(shortened(e));
    }
    for (Map.Entry<String, JsonElement> field : parsed.getAsJsonObject().entrySet()) {
      JsonObject alone = new JsonObject();
      alone.add(field.getKey(), field.getValue());
      try {
        PARSER.merge(alone.toString(), builder.getDefaultInstanceForType().newBuilderForType());
      } catch (InvalidProtocolBufferException e) {
        return "%s: %s".formatted(field.getKey(), shortened(e));
      }
    }
    return "body: " + shortened(whole);
  }

  private static String shortened(Exception e) {
    Throwable cause = e.getCause() instanceof JsonParseException parse ? parse : e;
    String text = String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
    return BoundedText.quote(text.replaceFirst("^((\\w+\\.)+\\S*Exception: )+", ""));
  }
}
