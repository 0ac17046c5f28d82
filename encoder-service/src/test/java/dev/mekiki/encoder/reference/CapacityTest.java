package dev.mekiki.encoder.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;

final class CapacityTest {
  private static final int KIB = 1024;

  private final Capacity capacity = new Capacity(4, 100 * KIB);

  @Test
  void oneServerHasHalfOfTheMemory() throws InterruptedException {
    Capacity.Share first = capacity.join("a");
    first.reserve(40 * KIB);
    Capacity.Share second = capacity.join("a");
    second.reserve(5 * KIB);

    assertThat(second.extend(10 * KIB)).isTrue();
    assertThat(second.extend(10 * KIB + 1)).isFalse();
    Capacity.Share other = capacity.join("b");
    other.reserve(50 * KIB);
    assertThat(capacity.bytesHeld()).isEqualTo(100 * KIB);
    Capacity.Share third = capacity.join("c");
    Thread waiting = Thread.ofVirtual().start(() -> reserve(third, 1));
    await().until(() -> waiting.getState() == Thread.State.WAITING);
    first.close();
    waiting.join();
    assertThat(capacity.bytesHeld()).isEqualTo(61 * KIB);
  }

  @Test
  void oneServerHasHalfOfThePlaces() throws InterruptedException {
    Capacity.Share a = capacity.join("a");
    a.enter();
    a.enter();
    Thread waiting = Thread.ofVirtual().start(() -> enter(capacity.join("a")));
    await().until(() -> waiting.getState() == Thread.State.WAITING);
    Capacity.Share b = capacity.join("b");
    b.enter();
    b.enter();

    b.leave();
    assertThat(waiting.isAlive()).isTrue();
    a.leave();
    waiting.join();
  }

  @Test
  void everythingIsGivenBackOnce() throws InterruptedException {
    Capacity.Share share = capacity.join("a");
    share.reserve(20 * KIB);
    share.shrink(3 * KIB + 1);
    assertThat(capacity.bytesHeld()).isEqualTo(4 * KIB);
    share.close();
    share.close();
    assertThat(capacity.bytesHeld()).isZero();
    // A late piece of an answer that nobody waits for.
    assertThat(share.extend(5)).isFalse();
    assertThat(capacity.bytesHeld()).isZero();
  }

  @Test
  void whatIsFreedIsNotExtendedUntilItIsReservedAnew() throws InterruptedException {
    Capacity.Share share = capacity.join("a");
    share.reserve(KIB);
    share.free();
    assertThat(share.extend(KIB)).isFalse();
    share.reserve(KIB);
    assertThat(share.extend(2 * KIB)).isTrue();
  }

  private static void reserve(Capacity.Share share, int bytes) {
    try {
      share.reserve(bytes);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void enter(Capacity.Share share) {
    try {
      share.enter();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
