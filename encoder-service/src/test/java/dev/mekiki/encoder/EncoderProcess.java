package dev.mekiki.encoder;

import java.time.Duration;
import java.util.Map;

/// An encoder in a process of its own, to be killed.
final class EncoderProcess {
  private EncoderProcess() {}

  /// Runs until it is killed.
  ///
  /// @param args bootstrap servers and topic prefix
  public static void main(String[] args) throws InterruptedException {
    // One predictor and small batches: slow enough to be killed in the middle.
    EncoderService service =
        EncoderService.start(
            TestTopics.config(args[0], args[1], Map.of("mekiki.encoder.batch-size", "2")));
    service.awaitReady(Duration.ofSeconds(30));
    System.out.println("READY");
    System.out.println("FAILED " + service.failure().toCompletableFuture().join());
  }
}
