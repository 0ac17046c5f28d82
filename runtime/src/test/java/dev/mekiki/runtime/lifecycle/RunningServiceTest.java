package dev.mekiki.runtime.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mekiki.runtime.StartException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RunningServiceTest {
  private final CompletableFuture<Throwable> failure = new CompletableFuture<>();
  private final AtomicInteger asked = new AtomicInteger();
  private int readyAfter;

  @Test
  void awaitReadyReturnsOnceTheServiceIsReady() throws Exception {
    readyAfter = 3;
    new Sample().awaitReady(Duration.ofSeconds(30));
    assertThat(asked.get()).isEqualTo(3);
  }

  @Test
  void aServiceThatIsNotReadyInTimeIsNamedWithWhatItWaitsFor() {
    readyAfter = Integer.MAX_VALUE;
    assertThatThrownBy(() -> new Sample().awaitReady(Duration.ZERO))
        .isInstanceOf(StartException.class)
        .hasMessage("sample: not ready after 0 s, it waits for rain");
  }

  @Test
  void aServiceThatFailsEndsTheWaitWithTheReason() {
    readyAfter = Integer.MAX_VALUE;
    failure.complete(new IllegalStateException("no rain"));
    assertThatThrownBy(() -> new Sample().awaitReady(Duration.ofMinutes(5)))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("sample: failed while starting")
        .hasMessageContaining("no rain");
  }

  private final class Sample implements RunningService {
    @Override
    public String name() {
      return "sample";
    }

    @Override
    public String address() {
      return "127.0.0.1:1";
    }

    @Override
    public boolean isReady() {
      return asked.incrementAndGet() >= readyAfter;
    }

    @Override
    public CompletionStage<Throwable> failure() {
      return failure;
    }

    @Override
    public String whyNotReady() {
      return ", it waits for rain";
    }

    @Override
    public void close() {}
  }
}
