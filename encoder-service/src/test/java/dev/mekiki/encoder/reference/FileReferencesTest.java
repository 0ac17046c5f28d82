package dev.mekiki.encoder.reference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.encoder.reference.ReferenceException.Kind;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Reads files from a directory that is allowed, beside one that is not.
@Timeout(60)
class FileReferencesTest {
  private static final byte[] BYTES = {1, 2, 3};

  @TempDir private Path directory;
  private Path allowed;
  private Path secret;
  private Fetching fetching;

  @BeforeEach
  void start() throws IOException {
    allowed = Files.createDirectories(directory.resolve("allowed"));
    secret = Files.write(Files.createDirectories(directory.resolve("other")).resolve("a"), BYTES);
    fetching = Fetching.with("allowed", uri(allowed));
  }

  @AfterEach
  void stop() {
    assertThat(fetching.bytesHeld()).isZero();
    fetching.close();
  }

  @Test
  void fileUnderAnAllowedDirectoryIsFetched() throws Exception {
    Path file =
        Files.write(
            Files.createDirectories(allowed.resolve("deep/er ä")).resolve("a b+c?%.jpg"), BYTES);
    assertThat(fetching.fetch(file.toUri().toASCIIString())).isEqualTo(BYTES);
    assertThat(fetching.fetch(uri(allowed) + "/x/../deep/er%20%C3%A4/a%20b+c%3F%25.jpg"))
        .isEqualTo(BYTES);
    assertThat(fetching.count("file", "FETCHED")).isEqualTo(2);
    Files.write(file, new byte[0]);
    assertThat(fetching.fetch(file.toUri().toASCIIString())).isEmpty();
  }

  @Test
  void fileThatIsAllowedItselfIsFetched() throws Exception {
    try (Fetching one = Fetching.with("allowed", uri(secret))) {
      assertThat(one.fetch(uri(secret))).isEqualTo(BYTES);
      assertThat(one.failure(uri(secret) + "b").kind()).isEqualTo(Kind.REFUSED);
    }
  }

  @Test
  void dotsLeadNowhere() {
    for (String path :
        new String[] {
          "/../other/a",
          "/%2e%2e/other/a",
          "/.%2E/other/a",
          "/x/../../other/a",
          "/..%2fother/a",
          "/%252e%252e/other/a",
          "/..;/other/a"
        }) {
      assertThat(fetching.failure(uri(allowed) + path).kind()).isEqualTo(Kind.REFUSED);
    }
    assertThat(fetching.failure("file:///etc/passwd").kind()).isEqualTo(Kind.REFUSED);
  }

  @Test
  void linkOutOfTheDirectoryIsRefused() throws Exception {
    Files.createSymbolicLink(allowed.resolve("file"), secret);
    Files.createSymbolicLink(allowed.resolve("directory"), secret.getParent());
    for (String path : new String[] {"/file", "/directory/a"}) {
      assertThat(fetching.failure(uri(allowed) + path))
          .hasMessageContaining("a link that leads out of what is allowed")
          .extracting(ReferenceException::kind)
          .isEqualTo(Kind.REFUSED);
    }
  }

  @Test
  void linkWithinTheDirectoryIsFollowed() throws Exception {
    Files.write(allowed.resolve("a"), BYTES);
    Files.createSymbolicLink(allowed.resolve("b"), Path.of("a"));
    Path link = Files.createSymbolicLink(directory.resolve("link"), allowed);
    assertThat(fetching.fetch(uri(allowed) + "/b")).isEqualTo(BYTES);
    // The directory that is configured may be a link, too.
    try (Fetching linked = Fetching.with("allowed", uri(link))) {
      assertThat(linked.fetch(uri(link) + "/b")).isEqualTo(BYTES);
    }
  }

  @Test
  void onlyFilesAreOpened() throws Exception {
    Files.createDirectory(allowed.resolve("directory"));
    assertThat(
            new ProcessBuilder("mkfifo", allowed.resolve("pipe").toString())
                .inheritIO()
                .start()
                .waitFor())
        .isZero();
    try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        Fetching devices = Fetching.with("allowed", "file:///dev/")) {
      socket.bind(UnixDomainSocketAddress.of(allowed.resolve("socket")));
      for (String name : new String[] {"directory", "directory/", "pipe", "socket", ""}) {
        assertThat(fetching.failure(uri(allowed) + "/" + name))
            .hasMessageContaining("no regular file")
            .extracting(ReferenceException::kind)
            .isEqualTo(Kind.REFUSED);
      }
      assertThat(devices.failure("file:///dev/zero")).hasMessageContaining("no regular file");
    }
  }

  @Test
  void fileThatIsTooLargeIsNotRead() throws Exception {
    Files.write(allowed.resolve("fits"), new byte[Fetching.MAX_BYTES]);
    Files.write(allowed.resolve("large"), new byte[Fetching.MAX_BYTES + 1]);
    assertThat(fetching.fetch(uri(allowed) + "/fits")).hasSize(Fetching.MAX_BYTES);
    assertThat(fetching.failure(uri(allowed) + "/large"))
        .hasMessageContaining("65537 bytes (expected: at most 65536")
        .extracting(ReferenceException::kind)
        .isEqualTo(Kind.TOO_MANY_BYTES);
  }

  @Test
  void fileWithoutAnEndIsNotRead() {
    // Its size is 0, whatever it holds.
    try (Fetching proc = Fetching.with("allowed", "file:///proc/self/")) {
      assertThat(proc.failure("file:///proc/self/status").kind()).isNotNull();
    }
  }

  @Test
  void missingFileIsNotTriedAgain() {
    try (Fetching often = Fetching.with("allowed", uri(allowed), "attempts", "10")) {
      for (String name : new String[] {"missing", "missing/a"}) {
        assertThat(often.failure(uri(allowed) + "/" + name))
            .hasMessageContaining("there is no such file")
            .extracting(ReferenceException::kind)
            .isEqualTo(Kind.UNAVAILABLE);
      }
    }
  }

  private static String uri(Path path) {
    return "file://" + path;
  }
}
