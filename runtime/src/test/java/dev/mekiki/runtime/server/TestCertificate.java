package dev.mekiki.runtime.server;

import com.linecorp.armeria.common.TlsKeyPair;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.util.Base64;
import java.util.Map;

/// A new certificate that vouches for itself, and its key, in files.
record TestCertificate(Path certificate, Path key) {
  /// @param name what it is for; one for localhost is also for 127.0.0.1
  static TestCertificate make(Path directory, String name)
      throws IOException, CertificateEncodingException {
    TlsKeyPair pair = TlsKeyPair.ofSelfSigned(name);
    return new TestCertificate(
        Files.writeString(
            directory.resolve(name + ".pem"),
            pem("CERTIFICATE", pair.certificateChain().getFirst().getEncoded())),
        Files.writeString(
            directory.resolve(name + ".key"), pem("PRIVATE KEY", pair.privateKey().getEncoded())));
  }

  /// The keys of configuration that name it.
  Map<String, String> keys() {
    return Map.of(
        "mekiki.server.certificate-file", certificate.toString(),
        "mekiki.server.key-file", key.toString());
  }

  static String pem(String what, byte[] content) {
    String lines =
        Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(content);
    return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n".formatted(what, lines);
  }
}
