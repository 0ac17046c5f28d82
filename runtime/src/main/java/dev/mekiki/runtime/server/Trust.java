package dev.mekiki.runtime.server;

import dev.mekiki.runtime.StartException;
import dev.mekiki.runtime.config.ReloadedFile;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/// Which servers to believe: those that authorities vouch for under the name they are called by,
/// and any that shows this process's own certificate. That one is valid under any name: the
/// services of one machine share a certificate and call one another at 127.0.0.1, which few
/// certificates name; and only who has its key can show it. The file of the authorities is looked
/// at for each handshake, and read again where it has changed. Thread-safe.
final class Trust extends X509ExtendedTrustManager {
  private final Supplier<X509ExtendedTrustManager> authorities;
  private final @Nullable OwnCertificate own;

  private Trust(Supplier<X509ExtendedTrustManager> authorities, @Nullable OwnCertificate own) {
    this.authorities = authorities;
    this.own = own;
  }

  /// @param name what the file was named by, in messages
  /// @param file the authorities' certificates, or null for those that Java trusts
  /// @param own the own certificate, or null
  /// @throws StartException where the file holds no certificates
  static Trust of(String name, @Nullable Path file, @Nullable OwnCertificate own) {
    if (file == null) {
      X509ExtendedTrustManager ofJava = manager(null);
      return new Trust(() -> ofJava, own);
    }
    // Its errors say more than those of a file that is read again.
    var _ = PemFiles.certificates(name, file);
    ReloadedFile<X509ExtendedTrustManager> read =
        ReloadedFile.open(
            name, file, path -> manager(PemFiles.certificates(Files.readAllBytes(path))));
    return new Trust(read::content, own);
  }

  /// @param certificates of the authorities; null for those that Java trusts
  /// @throws IllegalArgumentException where they cannot be used
  private static X509ExtendedTrustManager manager(
      @Nullable Collection<? extends Certificate> certificates) {
    try {
      @Nullable KeyStore store = certificates == null ? null : store(certificates);
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      for (TrustManager manager : factory.getTrustManagers()) {
        if (manager instanceof X509ExtendedTrustManager authorities) {
          return authorities;
        }
      }
      throw new IllegalStateException("every JDK has a trust manager for X.509");
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalArgumentException(
          "certificates cannot be used: %s".formatted(e.getMessage()), e);
    }
  }

  private static KeyStore store(Collection<? extends Certificate> certificates)
      throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    int number = 0;
    for (Certificate certificate : certificates) {
      store.setCertificateEntry(Integer.toString(number++), certificate);
    }
    return store;
  }

  /// The present authorities.
  List<X509Certificate> certificates() {
    return List.of(getAcceptedIssuers());
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    if (!isOwn(chain)) {
      authorities.get().checkServerTrusted(chain, type, engine);
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    if (!isOwn(chain)) {
      authorities.get().checkServerTrusted(chain, type, socket);
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    if (!isOwn(chain)) {
      authorities.get().checkServerTrusted(chain, type);
    }
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    authorities.get().checkClientTrusted(chain, type, engine);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    authorities.get().checkClientTrusted(chain, type, socket);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    authorities.get().checkClientTrusted(chain, type);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return authorities.get().getAcceptedIssuers();
  }

  private boolean isOwn(X509Certificate[] chain) throws CertificateException {
    if (own == null || chain.length == 0) {
      return false;
    }
    X509Certificate shown = own.keyPair().certificateChain().getFirst();
    if (!chain[0].equals(shown)) {
      return false;
    }
    shown.checkValidity();
    return true;
  }
}
