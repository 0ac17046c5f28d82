package dev.mekiki.schemas.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.FileDescriptor;
import dev.mekiki.schemas.v1.DeadLetterState;
import dev.mekiki.schemas.v1.EncodeRequest;
import dev.mekiki.schemas.v1.Group;
import dev.mekiki.schemas.v1.ImageCode;
import dev.mekiki.schemas.v1.Mute;
import dev.mekiki.schemas.v1.PartitionSearchRequest;
import dev.mekiki.schemas.v1.SearchRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Compares the .proto files with the committed snapshot `mekiki/v1/schema.snapshot`: records stay
/// on topics for years and instances of two versions run side by side during an upgrade, so that
/// what was published must keep its meaning.
///
/// What is new must be recorded: `-Dmekiki.schemas.snapshot=extend` adds it to the snapshot and
/// still refuses to lose a line. A deliberate break rewrites the snapshot with
/// `-Dmekiki.schemas.snapshot=replace`.
class CompatibilityTest {
  private static final String PROPERTY = "mekiki.schemas.snapshot";
  private static final Path MODULE = Path.of(System.getProperty("mekiki.root", ".."), "schemas");
  private static final Path SNAPSHOT =
      MODULE.resolve("src/test/resources/mekiki/v1/schema.snapshot");

  private static final List<FileDescriptor> FILES =
      List.of(
          DeadLetterState.getDescriptor().getFile(),
          EncodeRequest.getDescriptor().getFile(),
          Group.getDescriptor().getFile(),
          ImageCode.getDescriptor().getFile(),
          Mute.getDescriptor().getFile(),
          PartitionSearchRequest.getDescriptor().getFile(),
          SearchRequest.getDescriptor().getFile(),
          Group.getDescriptor().getFile());

  @Test
  void whatWasPublishedKeepsItsMeaning() throws IOException {
    SortedSet<String> current = SchemaLines.of(FILES);
    String mode = System.getProperty(PROPERTY, "compare");
    if (mode.equals("replace")) {
      Files.write(SNAPSHOT, current);
      return;
    }
    SortedSet<String> published = new TreeSet<>(Files.readAllLines(SNAPSHOT));

    assertThat(without(published, current))
        .as(
            "lines of %s that no longer hold; break on purpose with -D%s=replace",
            SNAPSHOT, PROPERTY)
        .isEmpty();
    if (mode.equals("extend")) {
      Files.write(SNAPSHOT, current);
      return;
    }
    assertThat(without(current, published))
        .as("what is not in %s yet; add it with -D%s=extend", SNAPSHOT, PROPERTY)
        .isEmpty();
  }

  private static SortedSet<String> without(SortedSet<String> lines, SortedSet<String> others) {
    SortedSet<String> rest = new TreeSet<>(lines);
    rest.removeAll(others);
    return rest;
  }

  @Test
  void everyProtoFileIsCompared() throws IOException {
    Path sources = MODULE.resolve("src/main/protobuf");
    try (Stream<Path> files = Files.walk(sources)) {
      assertThat(
              files.filter(Files::isRegularFile).map(file -> sources.relativize(file).toString()))
          .containsExactlyInAnyOrderElementsOf(
              FILES.stream().map(FileDescriptor::getName).collect(Collectors.toSet()));
    }
  }

  @Test
  void linesTellEverythingThatReadersRelyOn() {
    assertThat(SchemaLines.of(FILES))
        .contains(
            "message mekiki.v1.ImageCode",
            "field mekiki.v1.ImageCode 1 hash_code bytes",
            "field mekiki.v1.ImageCode 10 metadata map<string, string>",
            "field mekiki.v1.SearchRequest 2 id oneof query string",
            "field mekiki.v1.SearchRequest 4 k optional int32",
            "field mekiki.v1.Generation 4 centers repeated mekiki.v1.Center",
            "enum mekiki.v1.MatchKind 1 EXACT",
            "enum mekiki.v1.Generation.State 2 RETIRED",
            "rpc mekiki.v1.Index.WatchRouting (mekiki.v1.WatchRoutingRequest) returns (stream"
                + " mekiki.v1.RoutingSnapshot)",
            "rpc mekiki.v1.Mekiki.Search (mekiki.v1.SearchRequest) returns"
                + " (mekiki.v1.SearchResponse) http POST /v1/search body *");
  }
}
