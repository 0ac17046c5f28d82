package dev.mekiki.benchmarks.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mekiki.benchmarks.data.ImageIds;
import dev.mekiki.benchmarks.report.Samples;
import java.util.SplittableRandom;

/// Compares pairs of indexed images, one after the other.
final class CompareWatch {
  private CompareWatch() {}

  /// Times as many pairs as are compared before to warm up.
  ///
  /// @param indexed number of images to draw pairs from
  static CompareLatency run(QueryClient client, int indexed, int pairs) {
    var _ = compare(client, indexed, pairs, new SplittableRandom(1));
    Samples samples = compare(client, indexed, pairs, new SplittableRandom(2));
    return new CompareLatency(
        samples.size(), samples.millis(0.5), samples.millis(0.99), samples.millis(1));
  }

  private static Samples compare(
      QueryClient client, int indexed, int pairs, SplittableRandom random) {
    Samples samples = new Samples();
    for (int i = 0; i < pairs; i++) {
      String a = ImageIds.of(random.nextInt(indexed));
      String b = ImageIds.of(random.nextInt(indexed));
      long start = System.nanoTime();
      JsonNode answer = client.get("/v1/compare?a=%s&b=%s".formatted(a, b));
      samples.add(System.nanoTime() - start);
      if (!answer.has("fingerprintDistance")) {
        throw new IllegalStateException("compare: " + answer);
      }
    }
    return samples;
  }
}
