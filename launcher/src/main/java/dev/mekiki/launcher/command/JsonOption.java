package dev.mekiki.launcher.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageOrBuilder;
import com.google.protobuf.util.JsonFormat;
import picocli.CommandLine.Option;

/// Whether a command prints for people or for programs.
final class JsonOption {
  private static final JsonFormat.Printer MESSAGES =
      JsonFormat.printer().includingDefaultValueFields().omittingInsignificantWhitespace();
  private static final ObjectMapper RECORDS =
      JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build();

  @Option(names = "--json", description = "Print JSON, one object a line, instead of text.")
  private boolean json;

  boolean isSet() {
    return json;
  }

  /// One line of JSON as the API gives it.
  static String of(MessageOrBuilder message) {
    try {
      return MESSAGES.print(message);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a message without JSON form", e);
    }
  }

  /// One line of JSON, the record's components in snake case.
  static String of(Record value) {
    try {
      return RECORDS.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a record without JSON form", e);
    }
  }
}
