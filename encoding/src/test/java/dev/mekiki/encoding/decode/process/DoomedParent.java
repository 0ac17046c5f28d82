package dev.mekiki.encoding.decode.process;

import dev.mekiki.encoding.decode.BadImageException;
import dev.mekiki.encoding.decode.DecodeLimits;
import java.nio.file.Path;
import java.time.Duration;

/// A process with a decoding process that hangs and one that is idle, to be killed.
final class DoomedParent {
  private DoomedParent() {}

  /// Prints the idle one's process id, and runs until it is killed.
  ///
  /// @param args the file that the hanging one writes its process id to
  public static void main(String[] args) throws Exception {
    DecodingProcesses processes =
        new DecodingProcesses(
            new DecodingProcesses.Settings(
                new DecodeLimits(1 << 20, 1 << 20), 2, Duration.ofMinutes(10), 64 << 20),
            TrickDecoder.class);
    Thread.ofPlatform()
        .start(() -> {
          try {
            processes.decode(TrickDecoder.hang(Path.of(args[0])));
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        });
    try {
      processes.decode(TrickDecoder.trick("environment"));
    } catch (BadImageException e) {
      System.out.println(processes.idle().getFirst());
    }
    Thread.currentThread().join();
  }
}
