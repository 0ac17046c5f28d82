package dev.mekiki.encoder.reference;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.linecorp.armeria.client.ClientFactory;
import dev.mekiki.encoder.EncoderConfig;
import dev.mekiki.runtime.config.Configuration;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;

/// References as they are configured, for images of at most 64 KiB.
final class Fetching implements AutoCloseable {
  static final int MAX_BYTES = 64 << 10;

  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  final References references;
  private final ReferenceFetcher fetcher;

  private Fetching(
      Map<String, String> keys, Addresses.Lookup lookup, ClientFactory clients, int maxBytes) {
    fetcher = ReferenceFetcher.open(config(keys), maxBytes, clients, lookup, meters);
    references = References.ofStream(fetcher, 4L * maxBytes);
  }

  /// @param keys and values, in turn, without what all have in common
  static Fetching with(String... keys) {
    return with(InetAddress::getAllByName, keys);
  }

  static Fetching with(Addresses.Lookup lookup, String... keys) {
    return with(lookup, ClientFactory.builder().useHttp2Preface(false).build(), keys);
  }

  static Fetching with(Addresses.Lookup lookup, ClientFactory clients, String... keys) {
    Map<String, String> map = new HashMap<>(Map.of("timeout", "20s", "attempts", "1"));
    for (int i = 0; i < keys.length; i += 2) {
      map.put(keys[i], keys[i + 1]);
    }
    return new Fetching(map, lookup, clients, MAX_BYTES);
  }

  private static ReferenceConfig config(Map<String, String> keys) {
    Map<String, String> values = new HashMap<>();
    keys.forEach((key, value) -> values.put("mekiki.encoder.references." + key, value));
    return Configuration.of(EncoderConfig.class, values).encoder().references();
  }

  byte[] fetch(String uri) throws ReferenceException, InterruptedException {
    try (References.Fetched fetched = references.fetch(uri, () -> true)) {
      return fetched.bytes();
    }
  }

  /// The failure to fetch.
  ReferenceException failure(String uri) {
    return catchThrowableOfType(ReferenceException.class, () -> fetch(uri));
  }

  double count(String scheme, String outcome) {
    return meters
        .get("mekiki.encoder.references.fetches")
        .tags("scheme", scheme, "outcome", outcome)
        .counter()
        .count();
  }

  double bytesHeld() {
    return meters.get("mekiki.encoder.references.in.flight").gauge().value();
  }

  @Override
  public void close() {
    references.close();
    fetcher.close();
  }
}
