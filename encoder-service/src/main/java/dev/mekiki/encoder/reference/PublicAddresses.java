package dev.mekiki.encoder.reference;

import java.math.BigInteger;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// Which addresses are public: those that the registries of IANA for special purposes (RFC 6890,
/// iana-ipv4-special-registry, iana-ipv6-special-registry) leave to everybody.
final class PublicAddresses {
  private static final List<Predicate<InetAddress>> SPECIAL_IPV4 =
      networks(
          "0.0.0.0/8", // this network
          "10.0.0.0/8", // private
          "100.64.0.0/10", // shared, behind a carrier
          "127.0.0.0/8", // loopback
          "169.254.0.0/16", // link-local, where clouds serve credentials
          "172.16.0.0/12", // private
          "192.0.0.0/24", // protocols
          "192.0.2.0/24", // documentation
          "192.88.99.0/24", // relays of 6to4
          "192.168.0.0/16", // private
          "198.18.0.0/15", // benchmarks
          "198.51.100.0/24", // documentation
          "203.0.113.0/24", // documentation
          "224.0.0.0/4", // multicast
          "240.0.0.0/4"); // reserved, broadcast

  private static final Predicate<InetAddress> GLOBAL_IPV6 = network("2000::/3");

  private static final List<Predicate<InetAddress>> SPECIAL_IPV6 =
      networks(
          "2001::/23", // protocols, Teredo among them
          "2001:db8::/32", // documentation
          "2002::/16", // 6to4: an IPv4 address within
          "3fff::/20"); // documentation

  /// IPv4 addresses as hosts without IPv4 reach them (RFC 6052): the last four bytes.
  private static final Predicate<InetAddress> NAT64 = network("64:ff9b::/96");

  private PublicAddresses() {}

  private static List<Predicate<InetAddress>> networks(String... networks) {
    return Stream.of(networks).map(PublicAddresses::network).toList();
  }

  private static Predicate<InetAddress> network(String text) {
    int slash = text.indexOf('/');
    return network(
        InetAddress.ofLiteral(text.substring(0, slash)),
        Integer.parseInt(text.substring(slash + 1)));
  }

  /// The addresses of one kind whose first bits are those of another one. Not as Armeria's
  /// `InetAddressPredicates` has it, where 127.0.0.0/8 holds `::1`, and 0.0.0.0/0 all of IPv6.
  static Predicate<InetAddress> network(InetAddress address, int bits) {
    BigInteger prefix = prefix(address, bits);
    return other -> other.getClass() == address.getClass() && prefix(other, bits).equals(prefix);
  }

  private static BigInteger prefix(InetAddress address, int bits) {
    byte[] bytes = address.getAddress();
    return new BigInteger(1, bytes).shiftRight(8 * bytes.length - bits);
  }

  /// Whether an address is public.
  static boolean contains(InetAddress address) {
    // Java has made an Inet4Address of an IPv4-mapped one.
    if (address instanceof Inet4Address) {
      return SPECIAL_IPV4.stream().noneMatch(network -> network.test(address));
    }
    if (NAT64.test(address)) {
      return contains(embedded(address));
    }
    return GLOBAL_IPV6.test(address)
        && SPECIAL_IPV6.stream().noneMatch(network -> network.test(address));
  }

  private static InetAddress embedded(InetAddress address) {
    byte[] bytes = address.getAddress();
    try {
      return InetAddress.getByAddress(Arrays.copyOfRange(bytes, bytes.length - 4, bytes.length));
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }
}
