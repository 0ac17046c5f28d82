package dev.mekiki.launcher.command.deadletters;

import dev.mekiki.launcher.command.options.ExitCode;
import dev.mekiki.launcher.command.options.JsonOption;
import dev.mekiki.launcher.command.options.Table;
import dev.mekiki.runtime.StartException;
import dev.mekiki.runtime.deadletter.DeadLetterEntry;
import dev.mekiki.runtime.deadletter.DeadLetterPosition;
import dev.mekiki.runtime.deadletter.DeadLetterReader;
import dev.mekiki.runtime.deadletter.DeadLetterReader.Found;
import dev.mekiki.schemas.text.BoundedText;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "show",
    description = "Print all about one dead letter, and save its image.",
    footer = {
      "",
      "Examples:",
      "  mekiki dlq show 3:1042",
      "  mekiki dlq show 3:1042 --save broken.jpg"
    })
final class DlqShowCommand implements Callable<Integer> {
  private static final int MAX_HEADERS = 200;

  @Mixin private Installation installation;
  @Mixin private JsonOption json;

  @Parameters(
      paramLabel = "POSITION",
      converter = PositionArgument.class,
      description = "Partition and offset, as `mekiki dlq list` prints them.")
  private DeadLetterPosition position;

  @Option(
      names = "--save",
      paramLabel = "FILE",
      description = "Write the bytes that were sent as an image to FILE, which must not exist.")
  private @Nullable Path file;

  @Option(names = "--force", description = "With --save: replace FILE.")
  private boolean force;

  @Override
  public Integer call() throws Exception {
    return installation.run(opened -> {
      try (DeadLetterReader reader = opened.reader()) {
        Found.Whole found =
            switch (reader.find(position)) {
              case Found.Whole whole -> whole;
              case Found.Nothing(String why) ->
                  throw new StartException("%s: %s".formatted(position, why));
            };
        DeadLetterEntry entry =
            new DeadLetterEntry(found.letter(), reader.states().of(found.letter()));
        json.print(
            new Shown(DeadLetterLine.of(entry, opened.topics()), headers(found.record().headers())),
            DlqShowCommand::print);
        if (file != null) {
          save(file, found.record().value());
        }
        return ExitCode.OK;
      }
    });
  }

  private static List<ShownHeader> headers(Headers headers) {
    List<ShownHeader> shown = new ArrayList<>();
    headers.forEach(header -> {
      if (shown.size() < MAX_HEADERS) {
        byte[] value = header.value();
        shown.add(
            new ShownHeader(
                BoundedText.quote(header.key()),
                value == null ? null : value.length,
                BoundedText.message(value)));
      }
    });
    return shown;
  }

  private static void print(Shown shown, PrintWriter out) {
    DeadLetterLine letter = shown.letter();
    Table table =
        new Table()
            .row("position", letter.position())
            .row("time", letter.time())
            .row("id", letter.shownId())
            .row("reason", letter.reason().isEmpty() ? "-" : letter.reason())
            .row("message", letter.message())
            .row("original", letter.original() == null ? "-" : letter.original())
            .row("bytes", letter.shownBytes());
    optional(table, "left out", letter.leftOut());
    table.row("state", letter.shownState());
    optional(table, "since", letter.stateTime());
    optional(table, "by", letter.author());
    letter.problems().forEach(problem -> table.row("not written by an encoder", problem));
    shown.headers().forEach(header -> table.row("header " + header.name(), header.value()));
    table.print(out);
  }

  private static void optional(Table table, String name, @Nullable String value) {
    if (value != null) {
      table.row(name, value);
    }
  }

  private void save(Path target, byte @Nullable [] image) throws IOException {
    if (image == null) {
      throw new StartException(
          "--save: %s holds no image (expected: one whose value was not left out)"
              .formatted(position));
    }
    OpenOption[] options =
        force
            ? new OpenOption[] {
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE
            }
            : new OpenOption[] {StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE};
    try {
      Files.write(target, image, options);
    } catch (FileAlreadyExistsException e) {
      throw new StartException(
          "--save: %s exists (expected: a new file, or --force to replace it)".formatted(target),
          e);
    }
    PrintWriter people = json.people();
    people.printf("saved %d bytes to %s%n", image.length, Table.visible(target.toString()));
    people.flush();
  }

  private record Shown(DeadLetterLine letter, List<ShownHeader> headers) {}

  /// @param bytes size of the value; absent where it is null
  /// @param value its beginning, as text
  private record ShownHeader(String name, @Nullable Integer bytes, String value) {}
}
