package dev.mekiki.client;

import dev.mekiki.schemas.v1.SourceCoordinate;
import java.io.IOException;
import java.io.Serial;
import java.util.Iterator;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/// Sends images in any number. So many are under way at once that their bytes fit into a bound, and
/// the next is taken only once there is room: who makes them is held back by who takes them. Each
/// is sent, or reported with the reason. Immutable, thread-safe.
public final class Uploads {
  // The image, what the connection holds of it until it is written, and room for that of JSON.
  private static final int COPIES_IN_MEMORY = 4;

  private static final int KIBIBYTE = 1024;

  private final MekikiClient client;
  private final int atOnce;
  private final long memory;

  Uploads(MekikiClient client) {
    this(client, 16, Runtime.getRuntime().maxMemory() / (2 * COPIES_IN_MEMORY));
  }

  private Uploads(MekikiClient client, int atOnce, long memory) {
    this.client = client;
    this.atOnce = atOnce;
    this.memory = memory;
  }

  /// The same with another number of calls at once; 16 by default.
  ///
  /// @param calls at least 1
  /// @throws IllegalArgumentException where it is less
  public Uploads atOnce(int calls) {
    if (calls < 1) {
      throw new IllegalArgumentException("atOnce: %d (expected: at least 1)".formatted(calls));
    }
    return new Uploads(client, calls, memory);
  }

  /// The same with another bound on the bytes of the images under way; an eighth of the heap by
  /// default.
  ///
  /// @param bytes from 1 KiB to 2 TiB
  /// @throws IllegalArgumentException where it is another number
  public Uploads memory(long bytes) {
    if (bytes < KIBIBYTE || bytes / KIBIBYTE >= Integer.MAX_VALUE) {
      throw new IllegalArgumentException("memory: %d (expected: 1 KiB to 2 TiB)".formatted(bytes));
    }
    return new Uploads(client, atOnce, bytes);
  }

  /// Bytes that the images under way may have together, and so one alone.
  public long memory() {
    return memory;
  }

  /// Sends all images and waits for the last answer, or for those under way once the listener wants
  /// no others.
  ///
  /// @param images read by the calling thread, one whenever there is room
  public void send(Iterator<Upload> images, UploadListener listener) throws InterruptedException {
    Semaphore calls = new Semaphore(atOnce);
    Semaphore freeKibibytes = new Semaphore(permits(memory));
    AtomicBoolean goesOn = new AtomicBoolean(true);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      while (goesOn.get() && images.hasNext()) {
        calls.acquire();
        Upload image = images.next();
        if (image.size() > memory) {
          calls.release();
          report(image, tooLarge(image), listener, goesOn);
          continue;
        }
        int permits = permits(image.size());
        freeKibibytes.acquire(permits);
        if (!goesOn.get()) {
          return;
        }
        threads.execute(() -> {
          try {
            send(image, listener, goesOn);
          } finally {
            freeKibibytes.release(permits);
            calls.release();
          }
        });
      }
    }
  }

  /// An image is larger than the memory for all.
  public static final class TooLargeException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    private TooLargeException(String message) {
      super(message);
    }
  }

  private TooLargeException tooLarge(Upload image) {
    return new TooLargeException("%d bytes (expected: at most %d)".formatted(image.size(), memory));
  }

  private void send(Upload image, UploadListener listener, AtomicBoolean goesOn) {
    int bytes;
    SourceCoordinate source;
    try {
      byte[] content = image.content().read();
      bytes = content.length;
      source = client.put(image.id(), content, image.beside());
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      report(image, e, listener, goesOn);
      return;
    }
    listener.sent(image, bytes, source);
  }

  private static void report(
      Upload image, Throwable failure, UploadListener listener, AtomicBoolean goesOn) {
    if (!listener.failed(image, failure)) {
      goesOn.set(false);
    }
  }

  private static int permits(long bytes) {
    return Math.toIntExact(bytes / KIBIBYTE + 1);
  }
}
