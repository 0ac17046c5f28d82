package dev.mekiki.runtime.policy;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.MessageOrBuilder;
import com.google.protobuf.util.JsonFormat;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// Decisions as JSON, in protobuf's own form: the values on their topics. Stateless.
public final class PolicyJson {
  private static final JsonFormat.Printer PRINTER =
      JsonFormat.printer().includingDefaultValueFields().omittingInsignificantWhitespace();

  // A later version may have more fields.
  private static final JsonFormat.Parser PARSER = JsonFormat.parser().ignoringUnknownFields();

  private PolicyJson() {}

  /// The value of a record.
  public static byte[] bytes(MessageOrBuilder decision) {
    try {
      return PRINTER.print(decision).getBytes(StandardCharsets.UTF_8);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("decisions hold no Any", e);
    }
  }

  /// Reads a value. Fields and names of constants that it does not know are passed over.
  ///
  /// @throws IllegalArgumentException where it is no JSON of such a message
  static <B extends Message.Builder> B read(byte[] value, B into) {
    try {
      PARSER.merge(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(value)).toString(), into);
      return into;
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("no UTF-8", e);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException("no JSON of it: " + e.getMessage(), e);
    }
  }
}
