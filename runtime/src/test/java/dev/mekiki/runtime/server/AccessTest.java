package dev.mekiki.runtime.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mekiki.runtime.StartException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccessTest {
  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "127.1.2.3", "localhost", "::1"})
  void loopbackNeedsNoToken(String host) {
    Access access = TestAccess.of(Map.of("mekiki.sample.host", host));

    assertThat(access.token()).isNull();
    assertThat(access.certificate()).isNull();
    assertThat(access.isLoopback()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.1"})
  void anyOtherAddressNeedsATokenOrLeaveToDoWithout(String host) throws IOException {
    assertThatThrownBy(() -> TestAccess.of(Map.of("mekiki.sample.host", host)))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("mekiki.sample.host: '%s'".formatted(host))
        .hasMessageContaining("mekiki.server.token-file or --token-file")
        .hasMessageContaining("mekiki.server.insecure=true or --insecure");

    assertThat(of(host, "mekiki.server.token-file", token()).token()).isNotNull();
    assertThat(of(host, "mekiki.server.insecure", "true").token()).isNull();
  }

  @Test
  void aCertificateDoesNotReplaceTheToken() throws Exception {
    Map<String, String> keys = new HashMap<>(TestCertificate.make(directory, "localhost").keys());
    keys.put("mekiki.sample.host", "0.0.0.0");

    assertThatThrownBy(() -> TestAccess.of(keys))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("no token is configured");
  }

  @Test
  void aTokenGivenIsAskedForOnLoopbackToo() throws IOException {
    assertThat(of("127.0.0.1", "mekiki.server.token-file", token()).token()).isNotNull();
  }

  @Test
  void aTokensFileWithoutTheServicesTokenIsRefused() throws IOException {
    Path tokens = TestTokens.write(directory.resolve("tokens.json"));
    Map<String, String> alone = Map.of("mekiki.server.tokens-file", tokens.toString());
    assertThatThrownBy(() -> TestAccess.of(alone))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("mekiki.server.tokens-file: set without")
        .hasMessageContaining("expected: both");

    Map<String, String> both = new HashMap<>(alone);
    both.put("mekiki.server.token-file", token());
    assertThat(TestAccess.of(both).tokens()).isNotNull();
    both.put("mekiki.server.requests-per-second", "1000001");
    assertThatThrownBy(() -> TestAccess.of(both))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("requests-per-second: 1000001 (expected: 1..1000000");
  }

  @ParameterizedTest
  @ValueSource(strings = {"certificate", "key"})
  void aCertificateWithoutItsKeyIsRefusedAndTheOtherWayRound(String given) throws Exception {
    String name = "mekiki.server.%s-file".formatted(given);
    String file = TestCertificate.make(directory, "localhost").keys().get(name);

    assertThatThrownBy(() -> TestAccess.of(Map.of(name, file)))
        .isInstanceOf(StartException.class)
        .hasMessageContaining(
            "mekiki.server.%s-file: missing"
                .formatted(given.equals("key") ? "certificate" : "key"));
  }

  @Test
  void filesThatAreNoCertificateAreRefused() throws Exception {
    Map<String, String> keys = new HashMap<>(TestCertificate.make(directory, "localhost").keys());
    keys.put("mekiki.server.certificate-file", token());
    assertThatThrownBy(() -> TestAccess.of(keys))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("mekiki.server.certificate-file: '%s'".formatted(token()));

    keys.put("mekiki.server.certificate-file", directory.resolve("none").toString());
    assertThatThrownBy(() -> TestAccess.of(keys))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("none' cannot be read: there is no such file");

    assertThatThrownBy(() -> TestAccess.toPeers(Map.of("mekiki.server.trust-file", token())))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("mekiki.server.trust-file: '%s'".formatted(token()))
        .hasMessageContaining("PEM");
  }

  private Access of(String host, String key, String value) {
    return TestAccess.of(Map.of("mekiki.sample.host", host, key, value));
  }

  private String token() throws IOException {
    return Files.writeString(directory.resolve("token"), "0123456789abcdef\n").toString();
  }
}
