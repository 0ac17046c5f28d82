package dev.mekiki.runtime.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.linecorp.armeria.client.ClientFactory;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.TlsKeyPair;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.mekiki.runtime.StartException;
import io.grpc.StatusRuntimeException;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.file.Path;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Services that know one another by certificates, without a token.
class MutualTlsTest {
  @TempDir private Path directory;

  private TestAuthority authority;
  private Map<String, String> keys = Map.of();

  @BeforeEach
  void make() throws Exception {
    authority = TestAuthority.make(directory, "services");
    keys = keys(authority, "server");
  }

  private Map<String, String> keys(TestAuthority of, String name) throws Exception {
    Map<String, String> all = new HashMap<>(of.sign(name).keys());
    all.put("mekiki.server.trust-file", authority.certificate().toString());
    all.put("mekiki.server.peer-trust-file", authority.certificate().toString());
    return all;
  }

  @Test
  void aServiceIsKnownByItsCertificate() throws Exception {
    try (ServiceServer server = start(keys)) {
      assertThat(TestAccess.encode(TestAccess.toPeers(keys(authority, "peer")), server.url()))
          .isEqualTo("service");
    }
  }

  @Test
  void aCallWithoutACertificateIsRefused() throws Exception {
    ClientAccess stranger =
        ClientAccess.ofUser(Optional.empty(), Optional.of(authority.certificate()));
    try (ServiceServer server = start(keys);
        ClientFactory connections = TestAccess.connections(stranger)) {
      assertThatThrownBy(() -> TestAccess.encode(stranger, server.url()))
          .isInstanceOf(StatusRuntimeException.class)
          .hasMessageContaining("UNAUTHENTICATED");
      // Probes have none.
      WebClient client = WebClient.builder(server.url()).factory(connections).build();
      assertThat(client.blocking().get("/livez").status()).isEqualTo(HttpStatus.OK);
      assertThat(client.blocking().get("/metrics").status()).isEqualTo(HttpStatus.UNAUTHORIZED);
    }
  }

  @Test
  void aCertificateOfAnotherAuthorityIsRefused() throws Exception {
    TestAuthority other = TestAuthority.make(directory, "others");
    TestCertificate theirs = other.sign("peer");
    try (ServiceServer server = start(keys)) {
      // A caller does not show what the server says that it does not trust.
      Map<String, String> keysOfOthers = new HashMap<>(theirs.keys());
      keysOfOthers.put("mekiki.server.trust-file", authority.certificate().toString());
      assertThatThrownBy(() -> TestAccess.encode(TestAccess.toPeers(keysOfOthers), server.url()))
          .isInstanceOf(StatusRuntimeException.class)
          .hasMessageContaining("UNAUTHENTICATED");
      // One that shows it all the same, or one that vouches for itself, gets no answer at all.
      TestCertificate self = TestCertificate.make(directory, "localhost");
      for (TestCertificate shown : List.of(theirs, self)) {
        assertThatThrownBy(() -> statusLine(shown, server)).isInstanceOf(IOException.class);
      }
      assertThat(statusLine(authority.sign("peer"), server)).isEqualTo("HTTP/1.1 200 OK");
    }
  }

  /// Asks `/caller` with a certificate that is shown whomever the server trusts.
  private String statusLine(TestCertificate shown, ServiceServer server) throws Exception {
    TlsKeyPair pair = TlsKeyPair.of(shown.key().toFile(), shown.certificate().toFile());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(
        new KeyManager[] {new Insistent(pair)},
        new TrustManager[] {Trust.of("test", authority.certificate(), null)},
        null);
    int port = Integer.parseInt(server.address().replaceFirst(".*:", ""));
    try (Socket socket = context.getSocketFactory().createSocket("127.0.0.1", port)) {
      socket.setSoTimeout(60_000);
      socket
          .getOutputStream()
          .write("GET /caller HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(US_ASCII));
      BufferedReader in =
          new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
      String line = in.readLine();
      if (line == null) {
        throw new EOFException("closed");
      }
      return line;
    }
  }

  /// Shows its certificate to everybody.
  private static final class Insistent extends X509ExtendedKeyManager {
    private final TlsKeyPair pair;

    Insistent(TlsKeyPair pair) {
      this.pair = pair;
    }

    @Override
    public String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
      return "own";
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
      return pair.certificateChain().toArray(X509Certificate[]::new);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
      return pair.privateKey();
    }

    @Override
    public String[] getClientAliases(String type, Principal[] issuers) {
      return new String[] {"own"};
    }

    @Override
    public String[] getServerAliases(String type, Principal[] issuers) {
      return new String[0];
    }

    @Override
    public String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
      throw new UnsupportedOperationException("no server");
    }
  }

  @Test
  void usersHaveTokensBesideTheCertificatesOfServices() throws Exception {
    Map<String, String> both = new HashMap<>(keys);
    both.put(
        "mekiki.server.tokens-file",
        TestTokens.write(
                directory.resolve("tokens.json"),
                TestTokens.entry("reader", "token-of-a-reader", "read", ""))
            .toString());
    ClientAccess user = ClientAccess.ofUser(Optional.empty(), Optional.of(authority.certificate()));
    ClientAccess peer = TestAccess.toPeers(keys(authority, "peer"));
    try (ServiceServer server = start(both);
        ClientFactory ofUser = TestAccess.connections(user);
        ClientFactory ofPeer = TestAccess.connections(peer)) {
      AggregatedHttpResponse read = get(server, ofUser, "Bearer token-of-a-reader");
      assertThat(read.contentUtf8()).isEqualTo("reader");
      assertThat(get(server, ofUser, "Bearer token-of-nobody-at-all").status())
          .isEqualTo(HttpStatus.UNAUTHORIZED);
      // A token says more precisely who calls.
      assertThat(get(server, ofPeer, "Bearer token-of-a-reader").contentUtf8()).isEqualTo("reader");
    }
  }

  @Test
  void certificatesOfCallersNeedTls() throws Exception {
    Map<String, String> alone =
        Map.of("mekiki.server.peer-trust-file", authority.certificate().toString());
    assertThatThrownBy(() -> TestAccess.of(alone))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("mekiki.server.peer-trust-file")
        .hasMessageContaining("expected: all three");
  }

  @Test
  void certificatesOpenAddressesThatOthersReach() throws Exception {
    Map<String, String> everywhere = new HashMap<>(keys);
    everywhere.put("mekiki.sample.host", "0.0.0.0");
    assertThat(TestAccess.of(everywhere).isGuarded()).isTrue();
  }

  private static AggregatedHttpResponse get(
      ServiceServer server, ClientFactory connections, String authorization) {
    return WebClient.builder(server.url())
        .factory(connections)
        .build()
        .blocking()
        .execute(RequestHeaders.of(HttpMethod.GET, "/caller", "authorization", authorization));
  }

  private static ServiceServer start(Map<String, String> keys) {
    return TestServer.start(
        keys,
        "/caller",
        (context, _) -> HttpResponse.of(Caller.of(context).name()),
        () -> Caller.of(ServiceRequestContext.current()).name());
  }
}
