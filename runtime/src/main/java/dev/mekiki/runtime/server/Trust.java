package dev.mekiki.runtime.server;

import dev.mekiki.runtime.StartException;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/// Which servers to believe: those that authorities vouch for under the name they are called by,
/// and any that shows this process's own certificate. That one is valid under any name: the
/// services of one machine share a certificate and call one another at 127.0.0.1, which few
/// certificates name; and only who has its key can show it. Thread-safe.
final class Trust extends X509ExtendedTrustManager {
  private final X509ExtendedTrustManager authorities;
  private final @Nullable X509Certificate own;

  private Trust(X509ExtendedTrustManager authorities, @Nullable X509Certificate own) {
    this.authorities = authorities;
    this.own = own;
  }

  /// @param name what the file was named by, in messages
  /// @param file the authorities' certificates, or null for those that Java trusts
  /// @param own the own certificate, or null
  /// @throws StartException where the file holds no certificates
  static Trust of(String name, @Nullable Path file, @Nullable X509Certificate own) {
    try {
      @Nullable KeyStore store = file == null ? null : store(name, file);
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      for (TrustManager manager : factory.getTrustManagers()) {
        if (manager instanceof X509ExtendedTrustManager authorities) {
          return new Trust(authorities, own);
        }
      }
      throw new IllegalStateException("every JDK has a trust manager for X.509");
    } catch (GeneralSecurityException | IOException e) {
      throw new StartException(
          "%s: certificates cannot be used: %s".formatted(name, e.getMessage()), e);
    }
  }

  private static KeyStore store(String name, Path file)
      throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    int number = 0;
    for (Certificate certificate : PemFiles.certificates(name, file)) {
      store.setCertificateEntry(Integer.toString(number++), certificate);
    }
    return store;
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    if (!isOwn(chain)) {
      authorities.checkServerTrusted(chain, type, engine);
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    if (!isOwn(chain)) {
      authorities.checkServerTrusted(chain, type, socket);
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    if (!isOwn(chain)) {
      authorities.checkServerTrusted(chain, type);
    }
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    authorities.checkClientTrusted(chain, type, engine);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    authorities.checkClientTrusted(chain, type, socket);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    authorities.checkClientTrusted(chain, type);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return authorities.getAcceptedIssuers();
  }

  private boolean isOwn(X509Certificate[] chain) throws CertificateException {
    if (own == null || chain.length == 0 || !chain[0].equals(own)) {
      return false;
    }
    own.checkValidity();
    return true;
  }
}
