package dev.mekiki.connect;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.regex.Pattern;

/// The settings for Connect that docs/api.md shows.
final class PageSettings {
  /// The class that the block about a database has.
  static final String OUTBOX = "io.debezium.transforms.outbox.EventRouter";

  private static final Path PAGE =
      Path.of(Objects.requireNonNull(System.getProperty("mekiki.root"), "mekiki.root"))
          .resolve("docs/api.md");

  private static final Pattern BLOCK =
      Pattern.compile("^```properties\\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);

  private PageSettings() {}

  /// Each block, that of the worker first.
  ///
  /// @param places what is written for a place on the page, and what it is here
  static List<Map<String, String>> read(Map<String, String> places) throws IOException {
    return BLOCK
        .matcher(Files.readString(PAGE))
        .results()
        .map(found -> parsed(found.group(1), places))
        .toList();
  }

  private static Map<String, String> parsed(String text, Map<String, String> places) {
    Properties properties = new Properties();
    try {
      properties.load(new StringReader(text));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    Map<String, String> settings = new HashMap<>();
    for (String name : properties.stringPropertyNames()) {
      String value = properties.getProperty(name);
      for (Map.Entry<String, String> place : places.entrySet()) {
        value = value.replace(place.getKey(), place.getValue());
      }
      settings.put(name, value);
    }
    return settings;
  }
}
