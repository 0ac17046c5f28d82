package dev.mekiki.encoder.reference;

import com.linecorp.armeria.common.HttpData;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/// Collects the body of an answer, piece by piece, and cuts it off where it grows beyond the limit
/// or there is no memory for it.
final class BodyCollector implements Subscriber<HttpData> {
  private static final int FIRST_BYTES = 64 << 10;

  private final Capacity.Share share;
  private final int maxBytes;
  private final CompletableFuture<byte[]> body = new CompletableFuture<>();

  private byte[] buffer;
  private int length;
  private @Nullable Subscription subscription;

  /// @param share for which memory is reserved, and extended as the body grows
  /// @param announced bytes that the server says the body has, at most the limit; negative where it
  ///   does not say
  BodyCollector(Capacity.Share share, int announced, int maxBytes) {
    this.share = share;
    this.maxBytes = maxBytes;
    this.buffer = new byte[announced < 0 ? Math.min(FIRST_BYTES, maxBytes) : announced];
  }

  /// The body, when it is complete. Fails with {@link ReferenceException}, {@link
  /// MemoryNeededException} or as the answer does.
  CompletableFuture<byte[]> body() {
    return body;
  }

  @Override
  public void onSubscribe(Subscription begun) {
    subscription = begun;
    begun.request(1);
  }

  @Override
  public void onNext(HttpData data) {
    if (body.isDone()) {
      return;
    }
    byte[] piece = data.array();
    if (piece.length > maxBytes - length) {
      end(ReferenceException.tooManyBytes("more than %d bytes".formatted(maxBytes), maxBytes));
      return;
    }
    int needed = length + piece.length;
    if (needed > buffer.length && !grow(needed)) {
      // How large it is becomes known when it ends.
      end(new MemoryNeededException(maxBytes));
      return;
    }
    System.arraycopy(piece, 0, buffer, length, piece.length);
    length = needed;
    if (subscription != null) {
      subscription.request(1);
    }
  }

  private boolean grow(int needed) {
    int size = Math.clamp(2L * buffer.length, needed, maxBytes);
    if (!share.extend(size)) {
      return false;
    }
    buffer = Arrays.copyOf(buffer, size);
    return true;
  }

  private void end(Exception reason) {
    if (subscription != null) {
      subscription.cancel();
    }
    boolean _ = body.completeExceptionally(reason);
  }

  @Override
  public void onError(Throwable failure) {
    boolean _ = body.completeExceptionally(failure);
  }

  @Override
  public void onComplete() {
    boolean _ = body.complete(length == buffer.length ? buffer : Arrays.copyOf(buffer, length));
  }
}
