package dev.mekiki.launcher.command.options;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageOrBuilder;
import com.google.protobuf.util.JsonFormat;
import java.io.PrintWriter;
import java.util.function.BiConsumer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/// Whether a command prints for people or for programs.
public final class JsonOption {
  @Spec(Target.MIXEE)
  private CommandSpec spec;

  private static final JsonFormat.Printer MESSAGES =
      JsonFormat.printer().includingDefaultValueFields().omittingInsignificantWhitespace();
  private static final ObjectMapper RECORDS =
      JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build();

  @Option(names = "--json", description = "Print JSON, one object a line, instead of text.")
  private boolean json;

  public boolean isSet() {
    return json;
  }

  /// Where progress is printed for people: standard error with --json, for then standard output is
  /// JSON alone.
  public PrintWriter people() {
    return json ? spec.commandLine().getErr() : spec.commandLine().getOut();
  }

  /// Prints a result, for programs as one line or for people as they read it.
  public <T extends Record> void print(T result, BiConsumer<T, PrintWriter> forPeople) {
    PrintWriter output = spec.commandLine().getOut();
    if (json) {
      output.println(of(result));
    } else {
      forPeople.accept(result, output);
    }
    output.flush();
  }

  /// One line of JSON as the API gives it.
  public static String of(MessageOrBuilder message) {
    try {
      return MESSAGES.print(message);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a message without JSON form", e);
    }
  }

  /// One line of JSON, the record's components in snake case.
  public static String of(Record value) {
    try {
      return RECORDS.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a record without JSON form", e);
    }
  }
}
