package dev.mekiki.runtime.server;

import com.linecorp.armeria.common.TlsKeyPair;
import dev.mekiki.runtime.StartException;
import dev.mekiki.runtime.config.ServerConfig;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Certificates and keys in PEM files, refused with the key that names them.
final class PemFiles {
  static final String CERTIFICATE = "mekiki.server.certificate-file";
  static final String KEY = "mekiki.server.key-file";

  /// How keys sign, by their algorithm.
  private static final Map<String, String> SIGNATURES =
      Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA", "EdDSA", "EdDSA");

  private static final byte[] SIGNED = {1};

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
      return keyPair(chainBytes, keyBytes);
    } catch (IllegalArgumentException e) {
      throw new StartException(
          "%s: '%s' and %s: '%s' %s".formatted(CERTIFICATE, certificate, KEY, key, e.getMessage()),
          e);
    }
  }

  /// A certificate, with those that vouch for it, and its key.
  ///
  /// @throws IllegalArgumentException where they cannot be used together
  static TlsKeyPair keyPair(byte[] chain, byte[] key) {
    TlsKeyPair pair;
    try {
      pair = TlsKeyPair.of(new ByteArrayInputStream(key), new ByteArrayInputStream(chain));
    } catch (IllegalArgumentException e) {
      Throwable reason = e.getCause() == null ? e : e.getCause();
      throw new IllegalArgumentException(
          ("cannot be used: %s (expected: PEM, a certificate with those that vouch for it, and its"
                  + " private key, not encrypted)")
              .formatted(reason.getMessage()),
          e);
    }
    if (!goesWith(pair.privateKey(), pair.certificateChain().getFirst().getPublicKey())) {
      throw new IllegalArgumentException(
          "do not go together (expected: the private key of the first certificate)");
    }
    return pair;
  }

  /// Whether the owner of a private key is who signs for a public one.
  private static boolean goesWith(PrivateKey key, PublicKey certified) {
    if (!key.getAlgorithm().equals(certified.getAlgorithm())) {
      return false;
    }
    @Nullable String algorithm = SIGNATURES.get(key.getAlgorithm());
    if (algorithm == null) {
      // The handshake checks it.
      return true;
    }
    try {
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(key);
      signature.update(SIGNED);
      byte[] signed = signature.sign();
      signature.initVerify(certified);
      signature.update(SIGNED);
      return signature.verify(signed);
    } catch (GeneralSecurityException _) {
      return false;
    }
  }

  /// The certificates in a file, at least one.
  ///
  /// @param name what the file was named by, in messages
  /// @throws StartException where there is none
  static Collection<? extends Certificate> certificates(String name, Path file) {
    byte[] bytes = bytes(name, file);
    try {
      return certificates(bytes);
    } catch (IllegalArgumentException e) {
      throw new StartException("%s: '%s' %s".formatted(name, file, e.getMessage()), e);
    }
  }

  /// The certificates in PEM text, at least one.
  ///
  /// @throws IllegalArgumentException where there is none
  static Collection<? extends Certificate> certificates(byte[] bytes) {
    try {
      Collection<? extends Certificate> certificates =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(bytes));
      if (!certificates.isEmpty()) {
        return certificates;
      }
    } catch (CertificateException e) {
      throw new IllegalArgumentException("holds no certificates (expected: PEM)", e);
    }
    throw new IllegalArgumentException("holds no certificates (expected: PEM)");
  }

  private static byte[] bytes(String name, Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw FileFailure.of(name, file, e, "a PEM file");
    }
  }
}
