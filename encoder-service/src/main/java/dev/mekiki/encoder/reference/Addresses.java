package dev.mekiki.encoder.reference;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.stream.Stream;

/// Finds the address of a web server, and refuses those that are not public. A name is looked up
/// once for each request, and what is returned is to be connected to: nobody can give one address
/// to be checked and another one to be used. Thread-safe.
final class Addresses implements AutoCloseable {
  private static final int LOOKUPS_AT_ONCE = 16;

  private final List<PrivateNetwork> allowed;
  private final Lookup lookup;
  private final BlockingCalls calls = new BlockingCalls("lookup", LOOKUPS_AT_ONCE);

  /// Looks up a name.
  @FunctionalInterface
  interface Lookup {
    InetAddress[] addresses(String host) throws UnknownHostException;
  }

  /// @param allowed addresses that are not public and may be connected to all the same
  /// @param lookup usually {@link InetAddress#getAllByName}
  Addresses(List<PrivateNetwork> allowed, Lookup lookup) {
    this.allowed = List.copyOf(allowed);
    this.lookup = lookup;
  }

  /// An address of a URI's host. Where it has several, each attempt takes another one.
  ///
  /// @param trusted whether the operator has named this server, whatever its address
  /// @throws ReferenceException where it has none, or none that may be connected to
  InetAddress of(ReferenceUri uri, boolean trusted, Attempt attempt)
      throws ReferenceException, MemoryNeededException, InterruptedException {
    InetAddress[] all = calls.call(() -> found(uri.host()), attempt);
    List<InetAddress> permitted =
        Stream.of(all).filter(address -> trusted || isPermitted(uri, address)).toList();
    if (permitted.isEmpty()) {
      throw ReferenceException.refused(
          ("%s has the address %s, which is not public (expected: a public address, or one listed"
                  + " in mekiki.encoder.references.private-networks)")
              .formatted(uri.server(), all[0].getHostAddress()));
    }
    return permitted.get((attempt.number() - 1) % permitted.size());
  }

  private InetAddress[] found(String host) throws ReferenceException {
    try {
      return lookup.addresses(host);
    } catch (UnknownHostException e) {
      throw ReferenceException.passing(
          "the name '%s' has no address (expected: one that can be looked up here)".formatted(host),
          e);
    }
  }

  private boolean isPermitted(ReferenceUri uri, InetAddress address) {
    return PublicAddresses.contains(address)
        || allowed.stream().anyMatch(network -> network.permits(uri, address));
  }

  @Override
  public void close() {
    calls.close();
  }
}
