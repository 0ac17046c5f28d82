package dev.mekiki.encoding.decode.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/// What a decoding process prints to standard error: read to its end, so that the process never
/// waits for a reader; the beginning of what came since the last file is kept, for the log.
final class ErrorOutput {
  /// Characters: of a crashed JVM's report the first lines name the signal and the library.
  private static final int MAX_LENGTH = 2000;

  private final StringBuilder text = new StringBuilder();
  private final Thread reader;

  ErrorOutput(InputStream in, long pid) {
    reader =
        Thread.ofPlatform().daemon().name("mekiki-decoding-errors-" + pid).start(() -> readAll(in));
  }

  private void readAll(InputStream in) {
    byte[] buffer = new byte[4096];
    try (in) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        append(new String(buffer, 0, count, StandardCharsets.ISO_8859_1));
      }
    } catch (IOException e) {
      append(e.toString());
    }
  }

  private synchronized void append(String more) {
    text.append(more, 0, Math.min(more.length(), MAX_LENGTH - text.length()));
  }

  /// Forgets what came so far.
  synchronized void clear() {
    text.setLength(0);
  }

  /// The rest of an ended process included, if it comes within a second.
  String rest() {
    try {
      reader.join(1000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    synchronized (this) {
      return text.toString().strip();
    }
  }
}
