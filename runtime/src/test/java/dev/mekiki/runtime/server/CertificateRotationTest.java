package dev.mekiki.runtime.server;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.linecorp.armeria.client.ClientFactory;
import com.linecorp.armeria.common.HttpResponse;
import dev.mekiki.schemas.v1.EncodeRequest;
import dev.mekiki.schemas.v1.EncoderGrpc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Certificates, keys and authorities whose files are replaced while services run.
class CertificateRotationTest {
  /// After so long without a request, a caller makes another connection.
  private static final Duration IDLE = Duration.ofMillis(100);

  @TempDir private Path directory;
  private TestAuthority first;
  private TestAuthority second;

  @BeforeEach
  void make() throws Exception {
    first = TestAuthority.make(directory, "first");
    second = TestAuthority.make(directory, "second");
  }

  @Test
  void aServerShowsItsNewCertificateOnceItsKeyIsThere() throws Exception {
    InUse files = new InUse("server", first.sign("one"), first);
    try (ServiceServer server = start(files.keys())) {
      assertThat(shown(server, first)).isEqualTo("CN=one");
      TestCertificate next = first.sign("two");
      files.replace("certificate", next.certificate());
      assertThat(shown(server, first)).as("half replaced").isEqualTo("CN=one");
      files.replace("key", next.key());
      assertThat(shown(server, first)).isEqualTo("CN=two");
      Files.writeString(files.path("certificate"), "nothing of use");
      assertThat(shown(server, first)).as("not of use").isEqualTo("CN=two");
    }
  }

  @Test
  void anotherAuthorityTakesOverWithoutARestart() throws Exception {
    InUse ofServer = new InUse("server", first.sign("server"), first);
    InUse ofPeer = new InUse("peer", first.sign("peer"), first);
    ClientAccess peer = TestAccess.toPeers(ofPeer.keys());
    try (ServiceServer server = start(ofServer.keys());
        ClientFactory connections =
            peer.connections(ClientFactory.builder().idleTimeout(IDLE)).build()) {
      assertThat(call(peer, connections, server)).isEqualTo("service");

      ofServer.replace("peers", second.certificate());
      assertThatThrownBy(() -> call(peer, connections, server))
          .isInstanceOf(RuntimeException.class);
      TestCertificate next = second.sign("peer");
      ofPeer.replace("certificate", next.certificate());
      ofPeer.replace("key", next.key());
      assertThat(call(peer, connections, server)).isEqualTo("service");

      TestCertificate nextOfServer = second.sign("server");
      ofServer.replace("certificate", nextOfServer.certificate());
      ofServer.replace("key", nextOfServer.key());
      assertThatThrownBy(() -> call(peer, connections, server))
          .hasStackTraceContaining("SSLHandshakeException");
      ofPeer.replace("trust", second.certificate());
      assertThat(call(peer, connections, server)).isEqualTo("service");
    }
  }

  /// The files that a process is configured with.
  private final class InUse {
    private final String name;

    InUse(String name, TestCertificate own, TestAuthority authority) throws Exception {
      this.name = name;
      replace("certificate", own.certificate());
      replace("key", own.key());
      replace("trust", authority.certificate());
      replace("peers", authority.certificate());
    }

    Path path(String what) {
      return directory.resolve(name + "-in-use-" + what);
    }

    void replace(String what, Path by) throws IOException {
      Files.copy(by, path(what), REPLACE_EXISTING);
    }

    Map<String, String> keys() {
      return Map.of(
          "mekiki.server.certificate-file", path("certificate").toString(),
          "mekiki.server.key-file", path("key").toString(),
          "mekiki.server.trust-file", path("trust").toString(),
          "mekiki.server.peer-trust-file", path("peers").toString());
    }
  }

  /// Who the service says that is called over a new connection.
  private static String call(ClientAccess access, ClientFactory connections, ServiceServer server)
      throws InterruptedException {
    Thread.sleep(IDLE.multipliedBy(4));
    return access
        .grpc(server.url())
        .factory(connections)
        .build(EncoderGrpc.EncoderBlockingStub.class)
        .encode(EncodeRequest.getDefaultInstance())
        .getNetwork();
  }

  /// The subject of the certificate that a server shows.
  private static String shown(ServiceServer server, TestAuthority authority) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {Trust.of("test", authority.certificate(), null)}, null);
    int port = Integer.parseInt(server.address().replaceFirst(".*:", ""));
    try (SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port)) {
      socket.startHandshake();
      X509Certificate shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
      return shown.getSubjectX500Principal().getName();
    }
  }

  private static ServiceServer start(Map<String, String> keys) {
    return TestServer.start(keys, "/hello", (_, _) -> HttpResponse.of("hello"), () -> "service");
  }
}
