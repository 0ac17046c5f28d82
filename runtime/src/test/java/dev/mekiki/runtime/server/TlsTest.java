package dev.mekiki.runtime.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.linecorp.armeria.client.ClientFactory;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.HttpResponse;
import dev.mekiki.runtime.StartException;
import io.grpc.StatusRuntimeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Real servers that speak TLS, and who believes them.
class TlsTest {
  @TempDir private Path directory;

  @Test
  void aServerWithACertificateSpeaksTlsAlone() throws Exception {
    TestCertificate certificate = TestCertificate.make(directory, "localhost");
    try (ServiceServer server = start(certificate.keys());
        ClientFactory connections = TestAccess.connections(trusting(certificate))) {
      assertThat(server.url()).isEqualTo("https://" + server.address());
      WebClient client = WebClient.builder(server.url()).factory(connections).build();
      assertThat(client.blocking().get("/hello").contentUtf8()).isEqualTo("hello");

      assertThatThrownBy(() -> WebClient.of("http://" + server.address()).blocking().get("/hello"))
          .isInstanceOf(RuntimeException.class);
    }
  }

  @Test
  void onlyAuthoritiesThatAreTrustedVouchForAServer() throws Exception {
    TestCertificate certificate = TestCertificate.make(directory, "localhost");
    TestCertificate other = TestCertificate.make(directory, "other.example");
    try (ServiceServer server = start(certificate.keys())) {
      assertThat(TestAccess.encode(trusting(certificate), server.url())).isEqualTo("here");
      assertRefused(trusting(other), server.url());
      assertRefused(ClientAccess.NONE, server.url());
    }
  }

  @Test
  void aCertificateForAnotherNameIsRefusedButForTheOwnOne() throws Exception {
    TestCertificate certificate = TestCertificate.make(directory, "mekiki.example");
    TestCertificate other = TestCertificate.make(directory, "localhost");
    try (ServiceServer server = start(certificate.keys())) {
      assertRefused(trusting(certificate), server.url());
      assertRefused(TestAccess.toPeers(other.keys()), server.address());
      assertThat(TestAccess.encode(TestAccess.toPeers(certificate.keys()), server.address()))
          .isEqualTo("here");
    }
  }

  @Test
  void peersTrustTheAuthoritiesOfTheTrustFileBesideTheOwnCertificate() throws Exception {
    TestCertificate certificate = TestCertificate.make(directory, "localhost");
    TestCertificate own = TestCertificate.make(directory, "mekiki.example");
    Map<String, String> keys = new HashMap<>(own.keys());
    keys.put("mekiki.server.trust-file", certificate.certificate().toString());
    try (ServiceServer server = start(certificate.keys());
        ServiceServer same = start(own.keys())) {
      assertThat(TestAccess.encode(TestAccess.toPeers(keys), server.address())).isEqualTo("here");
      assertThat(TestAccess.encode(TestAccess.toPeers(keys), same.address())).isEqualTo("here");
    }
  }

  @Test
  void theTokenTravelsOverTls() throws Exception {
    Map<String, String> keys = new HashMap<>(TestCertificate.make(directory, "localhost").keys());
    ClientAccess without = TestAccess.toPeers(keys);
    keys.put(
        "mekiki.server.token-file",
        Files.writeString(directory.resolve("token"), "0123456789abcdef").toString());
    try (ServiceServer server = start(keys)) {
      assertThatThrownBy(() -> TestAccess.encode(without, server.address()))
          .isInstanceOf(StatusRuntimeException.class)
          .hasMessageContaining("UNAUTHENTICATED");
      assertThat(TestAccess.encode(TestAccess.toPeers(keys), server.address())).isEqualTo("here");
    }
  }

  @Test
  void aKeyThatIsNotTheCertificatesIsRefused() throws Exception {
    Map<String, String> keys =
        Map.of(
            "mekiki.server.certificate-file",
            TestCertificate.make(directory, "localhost").certificate().toString(),
            "mekiki.server.key-file",
            TestCertificate.make(directory, "other.example").key().toString());

    assertThatThrownBy(() -> start(keys).close())
        .isInstanceOf(StartException.class)
        .hasMessageContaining("mekiki.server.key-file")
        .hasMessageContaining("mekiki.server.certificate-file");
  }

  private static void assertRefused(ClientAccess access, String address) {
    assertThatThrownBy(() -> TestAccess.encode(access, address))
        .hasStackTraceContaining("javax.net.ssl.SSLHandshakeException");
  }

  private static ClientAccess trusting(TestCertificate certificate) {
    return ClientAccess.ofUser(Optional.empty(), Optional.of(certificate.certificate()));
  }

  private static ServiceServer start(Map<String, String> keys) {
    return TestServer.start(keys, "/hello", (_, _) -> HttpResponse.of("hello"), () -> "here");
  }
}
