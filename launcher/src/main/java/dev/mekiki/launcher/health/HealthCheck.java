package dev.mekiki.launcher.health;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/// What a container's health check runs. Ends with 0 where the role answers that it is ready, with
/// 1 and a reason on standard error where it is not.
public final class HealthCheck {
  private static final int LIMIT_MILLIS = 3_000;
  private static final Map<String, Integer> PORTS =
      Map.of("up", 8080, "query", 8080, "index", 7072, "encoder", 7071, "broker", 9092);

  private HealthCheck() {}

  /// Checks once.
  ///
  /// @param arguments the role, such as `encoder`
  public static void main(String[] arguments) {
    String problem =
        arguments.length == 1 && PORTS.containsKey(arguments[0])
            ? problem(arguments[0], System.getenv())
            : "a role is missing (expected: up, broker, encoder, index or query)";
    if (!problem.isEmpty()) {
      System.err.println("health: " + problem);
    }
    System.exit(problem.isEmpty() ? 0 : 1);
  }

  /// Why the role is not ready; empty where it is.
  ///
  /// @param environment the same that the role was started with
  static String problem(String role, Map<String, String> environment) {
    String prefix = "MEKIKI_" + (role.equals("up") ? "query" : role).toUpperCase(Locale.ROOT);
    int port;
    try {
      port =
          Integer.parseInt(
              environment.getOrDefault(
                  prefix + "_PORT", Integer.toString(PORTS.getOrDefault(role, 0))));
    } catch (NumberFormatException e) {
      return "%s_PORT: %s".formatted(prefix, e.getMessage());
    }
    try {
      InetAddress address = address(environment.getOrDefault(prefix + "_HOST", "127.0.0.1"));
      return role.equals("broker")
          ? brokerProblem(address, port)
          : serviceProblem(
              address, port, environment.containsKey("MEKIKI_SERVER_CERTIFICATE_FILE"));
    } catch (IOException | GeneralSecurityException e) {
      return "%s at port %d: %s".formatted(role, port, e);
    }
  }

  private static InetAddress address(String host) throws IOException {
    InetAddress address = InetAddress.getByName(host);
    return address.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : address;
  }

  private static String serviceProblem(InetAddress address, int port, boolean encrypted)
      throws IOException, GeneralSecurityException {
    String host = address.getHostAddress();
    URI uri =
        URI.create(
            "%s://%s:%d/readyz"
                .formatted(
                    encrypted ? "https" : "http",
                    host.contains(":") ? "[" + host + "]" : host,
                    port));
    HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
    if (connection instanceof HttpsURLConnection secured) {
      trustItself(secured);
    }
    connection.setConnectTimeout(LIMIT_MILLIS);
    connection.setReadTimeout(LIMIT_MILLIS);
    int status = connection.getResponseCode();
    return status == 200 ? "" : "/readyz at port %d answers %d".formatted(port, status);
  }

  /// The check calls its own container: no proof of identity is needed, and the certificate names
  /// another host than the loopback address.
  private static void trustItself(HttpsURLConnection connection) throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new Anyone()}, new SecureRandom());
    connection.setSSLSocketFactory(context.getSocketFactory());
    connection.setHostnameVerifier((_, _) -> true);
  }

  /// A broker binds its port long before it answers: so the check sends Kafka's `ApiVersions` in
  /// version 0, which needs no client.
  private static String brokerProblem(InetAddress address, int port) throws IOException {
    int id = 25_443;
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(address, port), LIMIT_MILLIS);
      socket.setSoTimeout(LIMIT_MILLIS);
      DataOutputStream request = new DataOutputStream(socket.getOutputStream());
      request.writeInt(10); // bytes that follow
      request.writeShort(18); // ApiVersions
      request.writeShort(0); // version
      request.writeInt(id);
      request.writeShort(-1); // no client id
      request.flush();
      DataInputStream answer = new DataInputStream(socket.getInputStream());
      int size = answer.readInt();
      int answeredId = answer.readInt();
      int error = answer.readShort();
      return size > 6 && answeredId == id && error == 0
          ? ""
          : "broker at port %d answers with error %d".formatted(port, error);
    }
  }

  private static final class Anyone implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
