package dev.mekiki.benchmarks.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.PrintWriter;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/// Where a benchmark prints: results to standard output, as a table to read or JSON for programs,
/// and what it is doing to standard error.
public final class Output {
  private static final JsonMapper RECORDS =
      JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build();

  @Spec(Target.MIXEE)
  private CommandSpec command;

  @Option(names = "--json", description = "Print JSON, one object a line, instead of a table.")
  private boolean json;

  /// Whether results are for programs.
  public boolean isJson() {
    return json;
  }

  /// Prints a result: one line of JSON, the record's components in snake case, or a table of them.
  public void print(Record result) {
    PrintWriter out = command.commandLine().getOut();
    JsonNode tree = RECORDS.valueToTree(result);
    if (json) {
      out.println(line(tree));
    } else {
      int width = tree.propertyStream().mapToInt(field -> field.getKey().length()).max().orElse(0);
      tree.propertyStream().forEach(field -> row(out, field, width));
    }
    out.flush();
  }

  /// Prints what is done next.
  public void phase(String what) {
    PrintWriter err = command.commandLine().getErr();
    err.println(what);
    err.flush();
  }

  private static void row(PrintWriter out, Map.Entry<String, JsonNode> field, int width) {
    if (field.getValue().isArray()) {
      field
          .getValue()
          .forEach(element -> out.println(pad(field.getKey(), width) + readable(element)));
    } else {
      out.println(pad(field.getKey(), width) + readable(field.getValue()));
    }
  }

  private static String pad(String name, int width) {
    return name + " ".repeat(width - name.length() + 2);
  }

  private static String readable(JsonNode value) {
    if (value.isObject()) {
      StringBuilder line = new StringBuilder();
      value
          .propertyStream()
          .forEach(field ->
              line.append(
                  "%s%s %s"
                      .formatted(
                          line.isEmpty() ? "" : ", ", field.getKey(), readable(field.getValue()))));
      return line.toString();
    }
    if (value.isIntegralNumber()) {
      return "%,d".formatted(value.asLong());
    }
    if (value.isNumber()) {
      return Math.abs(value.asDouble()) >= 1000
          ? "%,.0f".formatted(value.asDouble())
          : value.asText();
    }
    return value.asText();
  }

  private static String line(JsonNode tree) {
    try {
      return RECORDS.writeValueAsString(tree);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a record without JSON form", e);
    }
  }
}
