package dev.mekiki.launcher.client;

import com.linecorp.armeria.client.retry.Backoff;
import dev.mekiki.launcher.images.ImageFiles;
import dev.mekiki.launcher.images.LeftOut;
import dev.mekiki.schemas.v1.PutImageRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/// Sends image files to a query service, several at once, within a bound on the memory that they
/// take. Every file is sent or left out with a reason. Used once, by one thread.
public final class Ingestion {
  private static final int CALLS_AT_ONCE = 16;
  // The file, the request made of it, and what the connection holds of that until it is written.
  private static final int COPIES_IN_MEMORY = 4;
  private static final int OVERLOAD_ATTEMPTS = 8;

  private final MekikiClient client;
  private final Request request;
  private final long memory;
  private final Semaphore calls = new Semaphore(CALLS_AT_ONCE);
  private final Semaphore freeKibibytes;
  private final List<LeftOut> leftOut = new ArrayList<>();
  private final Backoff backoff = Backoff.exponential(100, 3_000).withJitter(0.3);
  private int sent;
  private long bytes;
  private @Nullable RuntimeException failure;

  /// What every image of a run is sent with.
  ///
  /// @param idPrefix what every id starts with
  /// @param beside everything beside id and image
  public record Request(String idPrefix, PutImageRequest beside) {}

  /// What came of a run.
  ///
  /// @param bytes of the images sent
  /// @param failure why it ended before all files were sent; null where it did not
  public record Outcome(
      int sent, long bytes, List<LeftOut> leftOut, @Nullable RuntimeException failure) {
    public Outcome {
      leftOut = List.copyOf(leftOut);
    }
  }

  public Ingestion(MekikiClient client, Request request) {
    this(client, request, Runtime.getRuntime().maxMemory() / (2 * COPIES_IN_MEMORY));
  }

  /// @param memory bytes that the files under way may have together, and so one alone
  Ingestion(MekikiClient client, Request request, long memory) {
    this.client = client;
    this.request = request;
    this.memory = memory;
    this.freeKibibytes = new Semaphore(permits(memory));
  }

  /// Sends all files and waits for the last answer.
  ///
  /// @param done called after each file, by any thread
  public Outcome run(List<ImageFiles.Named> files, Runnable done) throws InterruptedException {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (ImageFiles.Named file : files) {
        long size = size(file);
        if (size > memory) {
          leaveOut(
              LeftOut.tooLarge(
                  file.file(),
                  size,
                  memory,
                  "give this command more memory, as with MEKIKI_JAVA_OPTS=-Xmx4g"));
        }
        if (size < 0 || size > memory) {
          done.run();
          continue;
        }
        calls.acquire();
        freeKibibytes.acquire(permits(size));
        if (hasFailed()) {
          break;
        }
        threads.execute(() -> {
          try {
            send(file);
          } finally {
            done.run();
            freeKibibytes.release(permits(size));
            calls.release();
          }
        });
      }
    }
    synchronized (this) {
      return new Outcome(sent, bytes, leftOut, failure);
    }
  }

  /// The file's size; -1 where it has none, and then it is left out.
  private long size(ImageFiles.Named file) {
    try {
      return Files.size(file.file());
    } catch (IOException e) {
      leaveOut(LeftOut.unreadable(file.file(), e));
      return -1;
    }
  }

  private void send(ImageFiles.Named file) {
    try {
      byte[] image = Files.readAllBytes(file.file());
      put(request.idPrefix() + file.id(), image);
      count(image.length);
    } catch (IOException e) {
      leaveOut(LeftOut.unreadable(file.file(), e));
    } catch (RemoteException e) {
      if (e.isInvalidRequest() || e.isOverload()) {
        leaveOut(LeftOut.refused(file.file(), String.valueOf(e.getMessage())));
      } else {
        fail(e);
      }
    } catch (RuntimeException e) {
      fail(e);
    } catch (OutOfMemoryError e) {
      leaveOut(new LeftOut(file.file(), "out of memory", String.valueOf(e.getMessage())));
    }
  }

  /// A service that has too much to do at the moment is tried again.
  private void put(String id, byte[] image) {
    for (int attempt = 1; ; attempt++) {
      try {
        var _ = client.put(id, image, request.beside());
        return;
      } catch (RemoteException e) {
        if (!e.isOverload() || attempt == OVERLOAD_ATTEMPTS) {
          throw e;
        }
      }
      try {
        Thread.sleep(backoff.nextDelayMillis(attempt));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while sending", e);
      }
    }
  }

  private synchronized void count(int imageBytes) {
    sent++;
    bytes += imageBytes;
  }

  private synchronized void leaveOut(LeftOut file) {
    leftOut.add(file);
  }

  private synchronized void fail(RuntimeException e) {
    if (failure == null) {
      failure = e;
    }
  }

  private synchronized boolean hasFailed() {
    return failure != null;
  }

  private static int permits(long size) {
    return Math.toIntExact(size / 1024 + 1);
  }
}
