package dev.mekiki.runtime.server;

import com.linecorp.armeria.common.TlsKeyPair;
import com.linecorp.armeria.common.TlsProvider;
import dev.mekiki.runtime.StartException;
import dev.mekiki.runtime.config.ReloadedFile;
import dev.mekiki.runtime.config.ServerConfig;
import dev.mekiki.schemas.text.BoundedText;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The certificate that a process shows, and its key, for connections that are made from then on.
/// The files are looked at for each, and read again where one has changed. What cannot be used
/// leaves what was before, as it is while one of both files is replaced and the other is not yet.
/// Thread-safe.
final class OwnCertificate {
  private static final Logger log = LoggerFactory.getLogger(OwnCertificate.class);

  private final ReloadedFile<byte[]> certificate;
  private final ReloadedFile<byte[]> key;

  // Guarded by this.
  private byte[] certificateBytes;
  private byte[] keyBytes;
  private TlsKeyPair pair;

  private OwnCertificate(
      ReloadedFile<byte[]> certificate, ReloadedFile<byte[]> key, TlsKeyPair pair) {
    this.certificate = certificate;
    this.key = key;
    this.certificateBytes = certificate.content();
    this.keyBytes = key.content();
    this.pair = pair;
  }

  /// What is configured; null where nothing is.
  ///
  /// @throws StartException where one of the files is missing, or they cannot be used
  static @Nullable OwnCertificate of(ServerConfig config) {
    @Nullable TlsKeyPair pair = PemFiles.keyPair(config);
    if (pair == null) {
      return null;
    }
    return new OwnCertificate(
        opened(PemFiles.CERTIFICATE, config.certificateFile().orElseThrow()),
        opened(PemFiles.KEY, config.keyFile().orElseThrow()),
        pair);
  }

  private static ReloadedFile<byte[]> opened(String name, Path file) {
    return ReloadedFile.open(name, file, Files::readAllBytes);
  }

  /// The present one.
  synchronized TlsKeyPair keyPair() {
    byte[] newCertificate = certificate.content();
    byte[] newKey = key.content();
    if (!Arrays.equals(newCertificate, certificateBytes) || !Arrays.equals(newKey, keyBytes)) {
      certificateBytes = newCertificate;
      keyBytes = newKey;
      try {
        pair = PemFiles.keyPair(newCertificate, newKey);
        log.info("Another certificate is shown until={}", own().getNotAfter().toInstant());
      } catch (IllegalArgumentException e) {
        log.warn(
            "Certificate and key cannot be used together now, those before are shown until={}"
                + " reason={}",
            own().getNotAfter().toInstant(),
            BoundedText.message(e));
      }
    }
    return pair;
  }

  private X509Certificate own() {
    return pair.certificateChain().getFirst();
  }

  /// Says for each connection what is shown, and whom this process asks for certificates of.
  ///
  /// @param authorities that vouch for the other side
  TlsProvider provider(Supplier<List<X509Certificate>> authorities) {
    return new TlsProvider() {
      @Override
      public TlsKeyPair keyPair(String hostname) {
        return OwnCertificate.this.keyPair();
      }

      @Override
      public List<X509Certificate> trustedCertificates(String hostname) {
        return authorities.get();
      }
    };
  }
}
