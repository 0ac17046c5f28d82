package dev.mekiki.runtime.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.List;
import java.util.stream.Stream;

/// A new authority that signs certificates, made by the JDK's keytool.
final class TestAuthority {
  private static final String PASSWORD = "password";

  private final Path directory;
  private final String name;
  private final Path store;

  private TestAuthority(Path directory, String name) {
    this.directory = directory;
    this.name = name;
    this.store = directory.resolve(name + ".p12");
  }

  static TestAuthority make(Path directory, String name) throws Exception {
    TestAuthority made = new TestAuthority(directory, name);
    made.keytool("-alias", "authority", "-dname", "CN=" + name, "-ext", "bc:c");
    return made;
  }

  /// Its own certificate, as PEM.
  Path certificate() throws Exception {
    return Files.writeString(
        directory.resolve(name + ".pem"),
        TestCertificate.pem("CERTIFICATE", keys().getCertificate("authority").getEncoded()));
  }

  /// A certificate that it signs for localhost, for servers and callers.
  TestCertificate sign(String alias) throws Exception {
    keytool(
        "-alias",
        alias,
        "-signer",
        "authority",
        "-dname",
        "CN=" + alias,
        "-ext",
        "san=dns:localhost,ip:127.0.0.1",
        "-ext",
        "eku=serverAuth,clientAuth");
    KeyStore keys = keys();
    StringBuilder chain = new StringBuilder();
    for (Certificate certificate : keys.getCertificateChain(alias)) {
      chain.append(TestCertificate.pem("CERTIFICATE", certificate.getEncoded()));
    }
    return new TestCertificate(
        Files.writeString(directory.resolve(name + "-" + alias + ".pem"), chain),
        Files.writeString(
            directory.resolve(name + "-" + alias + ".key"),
            TestCertificate.pem(
                "PRIVATE KEY", keys.getKey(alias, PASSWORD.toCharArray()).getEncoded())));
  }

  private KeyStore keys() throws Exception {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    return keys;
  }

  private void keytool(String... more) throws Exception {
    List<String> command =
        Stream.concat(
                Stream.of(
                    Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                    "-genkeypair",
                    "-keyalg",
                    "EC",
                    "-keystore",
                    store.toString(),
                    "-storepass",
                    PASSWORD),
                Stream.of(more))
            .toList();
    Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(keytool.getInputStream().readAllBytes(), UTF_8);
    assertThat(keytool.waitFor()).as(output).isZero();
  }
}
