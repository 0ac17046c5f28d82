package dev.mekiki.launcher.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.mekiki.launcher.command.options.ExitCode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.stream.Stream;

/// What one execution of the command line gave.
public record Execution(int exitCode, String out, String err) {
  /// Executes `mekiki` in this process.
  public static Execution of(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exitCode =
        MekikiCommand.commandLine()
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute(arguments);
    return new Execution(exitCode, out.toString(), err.toString());
  }

  /// The same of one command.
  public static Execution ofCommand(String command, String... arguments) {
    return of(Stream.concat(Stream.of(command), Stream.of(arguments)).toArray(String[]::new));
  }

  public void assertOk() {
    assertThat(exitCode).as(err).isEqualTo(ExitCode.OK);
  }

  /// The output of one that went well.
  public JsonNode json() throws JsonProcessingException {
    assertOk();
    return new JsonMapper().readTree(out);
  }

  public void assertFailedWith(int code, String... inMessage) {
    assertThat(exitCode).as(err).isEqualTo(code);
    assertThat(err).contains(inMessage).doesNotContain("\tat ").doesNotContain("Exception");
  }
}
