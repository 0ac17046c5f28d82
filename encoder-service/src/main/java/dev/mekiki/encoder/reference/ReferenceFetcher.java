package dev.mekiki.encoder.reference;

import com.linecorp.armeria.client.ClientFactory;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;

/// Fetches images by the scheme of their URIs, from what the operator allows. {@link References}
/// say when, and how often. Thread-safe.
public final class ReferenceFetcher implements AutoCloseable {
  private final Admission admission;
  private final FileFetcher files;
  private final HttpFetcher web;
  private final S3Objects objects;
  private final ReferenceMetrics metrics;
  private final Duration timeout;
  private final int attempts;
  private final int atOnce;
  private final int maxBytes;

  private ReferenceFetcher(
      ReferenceConfig config,
      int maxBytes,
      ClientFactory clients,
      Addresses.Lookup lookup,
      MeterRegistry registry) {
    this.timeout = config.timeout();
    this.attempts = config.attempts();
    this.atOnce = config.atOnce();
    this.maxBytes = maxBytes;
    this.metrics = new ReferenceMetrics(registry);
    this.admission = new Admission(config.allowed().orElse(List.of()));
    this.objects = new S3Objects(config);
    this.files = new FileFetcher(admission, config.atOnce(), maxBytes);
    this.web =
        new HttpFetcher(
            clients,
            new Addresses(config.privateNetworks().orElse(List.of()), lookup),
            admission,
            HttpCredentials.open(config.httpCredentialsFile()),
            config.redirects(),
            maxBytes);
  }

  /// One as it is configured.
  ///
  /// @param maxBytes of an image
  /// @throws dev.mekiki.runtime.StartException where a file with credentials cannot be used
  public static ReferenceFetcher open(
      ReferenceConfig config, int maxBytes, MeterRegistry registry) {
    return open(
        config,
        maxBytes,
        // Addresses are looked up and checked here; a proxy would do so itself.
        ClientFactory.builder().useHttp2Preface(false).build(),
        InetAddress::getAllByName,
        registry);
  }

  /// One with other clients and another way to look up names.
  static ReferenceFetcher open(
      ReferenceConfig config,
      int maxBytes,
      ClientFactory clients,
      Addresses.Lookup lookup,
      MeterRegistry registry) {
    return new ReferenceFetcher(config, maxBytes, clients, lookup, registry);
  }

  /// The URI that a text says.
  ///
  /// @throws ReferenceException where it says none, or one that may not be fetched
  ReferenceUri admitted(String text) throws ReferenceException {
    ReferenceUri uri = ReferenceUri.parse(text);
    admission.check(uri);
    return uri;
  }

  /// The bytes of an image, after one attempt.
  ///
  /// @throws MemoryNeededException where it is larger than what was reserved, and there is no room
  byte[] fetch(ReferenceUri uri, Attempt attempt)
      throws ReferenceException, MemoryNeededException, InterruptedException {
    long start = System.nanoTime();
    try {
      return switch (uri.scheme()) {
        case "file" -> files.fetch(uri, attempt);
        case "s3" -> object(uri, attempt);
        default -> web.fetch(uri, attempt);
      };
    } finally {
      metrics.time(uri.scheme(), System.nanoTime() - start);
    }
  }

  private byte[] object(ReferenceUri uri, Attempt attempt)
      throws ReferenceException, MemoryNeededException, InterruptedException {
    S3Objects.Request request = objects.request(uri);
    return switch (web.get(request.uri(), request.headers(), request.trusted(), attempt)) {
      case HttpFetcher.Answer.Body(byte[] bytes) -> bytes;
      // A signature is for one server alone.
      case HttpFetcher.Answer.Redirect _ ->
          throw ReferenceException.unavailable(
              "the store redirects to another one (expected: mekiki.encoder.references.s3-region or"
                  + " .s3-endpoint of the bucket)");
    };
  }

  ReferenceMetrics metrics() {
    return metrics;
  }

  /// How long one attempt may take.
  Duration timeout() {
    return timeout;
  }

  /// Most attempts.
  int attempts() {
    return attempts;
  }

  /// Most references of the stream that are fetched at once.
  int atOnce() {
    return atOnce;
  }

  /// Most bytes of an image.
  int maxBytes() {
    return maxBytes;
  }

  @Override
  public void close() {
    files.close();
    web.close();
  }
}
