package dev.mekiki.encoder.reference;

import java.net.InetAddress;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.spi.Converter;

/// Addresses that are not public and may be fetched from all the same.
///
/// @param text as it was written
/// @param server host:port as {@link ReferenceUri} has them; empty where it is a network
/// @param network addresses; none where it is a server
public record PrivateNetwork(String text, String server, Predicate<InetAddress> network) {
  private static final Pattern SERVER =
      Pattern.compile("([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+]):(\\d{1,5})");

  /// Whether an address may be connected to.
  ///
  /// @param uri whose host has this address
  boolean permits(ReferenceUri uri, InetAddress address) {
    return server.isEmpty() ? network.test(address) : server.equals(uri.host() + ":" + uri.port());
  }

  /// A network or a server: `10.1.0.0/16`, `fd00::/8`, `minio:9000`.
  public static final class Format implements Converter<PrivateNetwork> {
    @Override
    public PrivateNetwork convert(String value) {
      String text = value.strip();
      try {
        Matcher server = SERVER.matcher(text);
        if (server.matches()) {
          ReferenceUri uri = ReferenceUri.parse("http://" + text + "/");
          return new PrivateNetwork(text, uri.host() + ":" + uri.port(), _ -> false);
        }
        int slash = text.indexOf('/');
        InetAddress address = address(slash < 0 ? text : text.substring(0, slash));
        int bits = 8 * address.getAddress().length;
        int prefix = slash < 0 ? bits : Integer.parseInt(text.substring(slash + 1));
        if (prefix < 0 || prefix > bits) {
          throw new IllegalArgumentException("prefix of " + prefix + " bits");
        }
        return new PrivateNetwork(text, "", PublicAddresses.network(address, prefix));
      } catch (ReferenceException | IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "expected: a network such as 10.1.0.0/16 or fd00::/8, or host:port", e);
      }
    }

    /// Never looks up a name. Java reads `10` as 0.0.0.10.
    private static InetAddress address(String literal) {
      if (!literal.contains(":") && !ReferenceUri.IPV4.matcher(literal).matches()) {
        throw new IllegalArgumentException("no address");
      }
      return InetAddress.ofLiteral(literal);
    }
  }
}
