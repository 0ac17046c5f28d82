package dev.mekiki.runtime.server;

import com.linecorp.armeria.common.TlsKeyPair;
import dev.mekiki.runtime.StartException;
import dev.mekiki.runtime.config.ServerConfig;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/// Certificates and keys in PEM files, refused with the key that names them.
final class PemFiles {
  private static final String CERTIFICATE = "mekiki.server.certificate-file";
  private static final String KEY = "mekiki.server.key-file";

  private PemFiles() {}

  /// The certificate and key that are configured, or null where neither is.
  ///
  /// @throws StartException where one is missing or they cannot be used
  static @Nullable TlsKeyPair keyPair(ServerConfig config) {
    @Nullable Path certificate = config.certificateFile().orElse(null);
    @Nullable Path key = config.keyFile().orElse(null);
    if (certificate == null && key == null) {
      return null;
    }
    if (certificate == null || key == null) {
      throw new StartException(
          "%s: missing (expected: a PEM file, as %s is set; or neither of the two)"
              .formatted(
                  certificate == null ? CERTIFICATE : KEY,
                  certificate == null ? KEY : CERTIFICATE));
    }
    byte[] chainBytes = bytes(CERTIFICATE, certificate);
    byte[] keyBytes = bytes(KEY, key);
    try {
      return TlsKeyPair.of(
          new ByteArrayInputStream(keyBytes), new ByteArrayInputStream(chainBytes));
    } catch (IllegalArgumentException e) {
      Throwable reason = e.getCause() == null ? e : e.getCause();
      throw new StartException(
          ("%s: '%s' and %s: '%s' cannot be used: %s (expected: PEM, a certificate with those that"
                  + " vouch for it, and its private key, not encrypted)")
              .formatted(CERTIFICATE, certificate, KEY, key, reason.getMessage()),
          e);
    }
  }

  /// The certificates in a file, at least one.
  ///
  /// @param name what the file was named by, in messages
  /// @throws StartException where there is none
  static Collection<? extends Certificate> certificates(String name, Path file) {
    try {
      Collection<? extends Certificate> certificates =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(bytes(name, file)));
      if (!certificates.isEmpty()) {
        return certificates;
      }
    } catch (CertificateException e) {
      throw new StartException(noCertificates(name, file), e);
    }
    throw new StartException(noCertificates(name, file));
  }

  private static byte[] bytes(String name, Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw FileFailure.of(name, file, e, "a PEM file");
    }
  }

  private static String noCertificates(String name, Path file) {
    return "%s: '%s' holds no certificates (expected: PEM)".formatted(name, file);
  }
}
