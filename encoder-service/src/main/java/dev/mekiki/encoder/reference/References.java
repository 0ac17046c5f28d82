package dev.mekiki.encoder.reference;

import com.linecorp.armeria.client.retry.Backoff;
import dev.mekiki.schemas.image.ImageHeaders;
import dev.mekiki.schemas.text.BoundedText;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Images that are held elsewhere, fetched for one purpose: so many at once, in so much memory,
/// each tried again where its failure may pass. Thread-safe.
///
/// Each reference has a virtual thread of its own, which waits for memory, then for a place, then
/// for the server. Of what is wrong with one server only references to it take notice, as long as
/// the other half of places and memory suffices for all others.
public final class References implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(References.class);

  /// Memory for an image whose size is not known yet: most are smaller.
  private static final int FIRST_BYTES = 1 << 20;

  private static final Backoff BACKOFF = Backoff.exponential(200, 5_000, 2).withJitter(0.3);

  /// Longest time that a server may ask to wait before it is asked again.
  private static final Duration MAX_RETRY_AFTER = Duration.ofSeconds(30);

  private final ReferenceFetcher fetcher;
  private final Capacity capacity;
  private final AtomicInteger attempting = new AtomicInteger();
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("mekiki-reference-", 0).factory());

  private References(ReferenceFetcher fetcher, Capacity capacity) {
    this.fetcher = fetcher;
    this.capacity = capacity;
  }

  /// Those of the stream.
  ///
  /// @param bytes most bytes of images that are fetched and not encoded, or are being fetched
  public static References ofStream(ReferenceFetcher fetcher, long bytes) {
    Capacity capacity = new Capacity(fetcher.atOnce(), bytes);
    fetcher.metrics().watch(capacity);
    return new References(fetcher, capacity);
  }

  /// Those that a few threads fetch and wait for: each always has room.
  public static References ofThreads(ReferenceFetcher fetcher, int threads) {
    return new References(
        fetcher,
        new Capacity(2 * threads, 2L * threads * Math.max(FIRST_BYTES, fetcher.maxBytes())));
  }

  /// An image that was fetched. Closed when its bytes are no longer needed, which makes room for
  /// others.
  @SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
  public record Fetched(byte[] bytes, Runnable release) implements AutoCloseable {
    @Override
    public void close() {
      release.run();
    }
  }

  /// Fetches an image on a thread of its own.
  ///
  /// @param uri as {@link #fetch} takes it
  /// @return fails as {@link #fetch} does; cancelled where the image is not wanted any more, or
  ///   this is closed
  public CompletableFuture<Fetched> start(String uri, BooleanSupplier wanted) {
    CompletableFuture<Fetched> result = new CompletableFuture<>();
    try {
      threads.execute(() -> {
        try {
          boolean _ = result.complete(fetch(uri, wanted));
        } catch (InterruptedException e) {
          boolean _ = result.completeExceptionally(new CancellationException("closed"));
        } catch (Throwable e) {
          boolean _ = result.completeExceptionally(e);
        }
      });
    } catch (RejectedExecutionException e) {
      boolean _ = result.completeExceptionally(new CancellationException("closed"));
    }
    return result;
  }

  /// Fetches an image and waits for it.
  ///
  /// @param uri as the record says it
  /// @param wanted asked before each attempt
  /// @throws ReferenceException where it may not be fetched or cannot be had
  /// @throws CancellationException where it is not wanted any more
  public Fetched fetch(String uri, BooleanSupplier wanted)
      throws ReferenceException, InterruptedException {
    String scheme = "none";
    try {
      ReferenceUri admitted = fetcher.admitted(uri);
      scheme = admitted.scheme();
      Fetched fetched = fetch(admitted, wanted);
      fetcher.metrics().count(scheme, null);
      return fetched;
    } catch (ReferenceException e) {
      fetcher.metrics().count(scheme, e);
      log.debug("Reference gives no image scheme={}", scheme, e);
      throw e.about(
          "%s: '%s'"
              .formatted(
                  ImageHeaders.CLOUD_EVENT_DATA_REFERENCE,
                  BoundedText.quote(ReferenceUri.withoutSecrets(uri))));
    }
  }

  private Fetched fetch(ReferenceUri uri, BooleanSupplier wanted)
      throws ReferenceException, InterruptedException {
    Capacity.Share share = capacity.join(uri.server());
    boolean fetched = false;
    try {
      byte[] bytes = fetch(uri, wanted, share);
      share.shrink(bytes.length);
      fetched = true;
      return new Fetched(bytes, share::close);
    } finally {
      if (!fetched) {
        share.close();
      }
    }
  }

  private byte[] fetch(ReferenceUri uri, BooleanSupplier wanted, Capacity.Share share)
      throws ReferenceException, InterruptedException {
    int reserved = Math.min(FIRST_BYTES, fetcher.maxBytes());
    int number = 1;
    while (true) {
      share.reserve(reserved);
      try {
        return attempt(uri, wanted, number, share);
      } catch (MemoryNeededException e) {
        // The server is not to blame: the same attempt, as soon as there is room.
        share.free();
        reserved = Math.max(reserved, e.bytes());
      } catch (ReferenceException e) {
        share.free();
        if (!e.isPassing() || fetcher.attempts() == 1) {
          throw e;
        }
        if (number == fetcher.attempts()) {
          throw e.about("%d attempts, the last one".formatted(number));
        }
        Thread.sleep(delay(number, e.retryAfter()));
        number++;
      }
    }
  }

  private byte[] attempt(ReferenceUri uri, BooleanSupplier wanted, int number, Capacity.Share share)
      throws ReferenceException, MemoryNeededException, InterruptedException {
    share.enter();
    attempting.incrementAndGet();
    try {
      if (!wanted.getAsBoolean()) {
        throw new CancellationException("not wanted any more");
      }
      return fetcher.fetch(uri, Attempt.starting(number, fetcher.timeout(), share));
    } finally {
      attempting.decrementAndGet();
      share.leave();
    }
  }

  /// How long to wait after an attempt.
  private static Duration delay(int number, Duration retryAfter) {
    Duration backoff = Duration.ofMillis(BACKOFF.nextDelayMillis(number));
    Duration asked = retryAfter.compareTo(MAX_RETRY_AFTER) > 0 ? MAX_RETRY_AFTER : retryAfter;
    return asked.compareTo(backoff) > 0 ? asked : backoff;
  }

  /// Whether a reference is being fetched now, which its time limit ends.
  public boolean isBusy() {
    return attempting.get() > 0;
  }

  /// Ends all fetches.
  @Override
  public void close() {
    var _ = threads.shutdownNow();
  }
}
