package dev.mekiki.query.api;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import com.linecorp.armeria.common.grpc.GrpcJsonMarshaller;
import java.util.function.Function;

/// Messages as JSON: protobuf's own form, with every field present, also one that holds its
/// default, so that a page can tell 0 from a field it misspelt.
final class Json {
  private static final JsonFormat.Printer PRINTER =
      JsonFormat.printer().includingDefaultValueFields().omittingInsignificantWhitespace();

  private Json() {}

  /// What transcoding uses, so that it words messages as {@link #print} does.
  static GrpcJsonMarshaller marshaller() {
    Function<JsonFormat.Printer, JsonFormat.Printer> every =
        printer -> printer.includingDefaultValueFields().omittingInsignificantWhitespace();
    return GrpcJsonMarshaller.builderForGson().jsonPrinterCustomizer(every).build();
  }

  static String print(Message message) {
    try {
      return PRINTER.print(message);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("Mekiki's messages hold no Any", e);
    }
  }
}
