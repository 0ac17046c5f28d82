package dev.mekiki.index.standby;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.index.standby.StandbyLags.Lag;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.streams.LagInfo;
import org.junit.jupiter.api.Test;

class StandbyLagsTest {
  private static final String STORE = "store";

  private final AtomicLong now = new AtomicLong();
  private final StandbyLags lags = new StandbyLags(now::get);

  @Test
  void lagIsUnknownUntilItIsLookedUp() {
    assertThat(lags.of(STORE, 1)).isEmpty();
    lags.refresh(() -> lag(7));
    assertThat(lags.of(STORE, 1)).hasValue(new Lag(7, 0));
    assertThat(lags.of(STORE, 2)).isEmpty();
    assertThat(lags.of("other", 1)).isEmpty();
  }

  @Test
  void aLagSaysHowOldItIs() {
    lags.refresh(() -> {
      now.addAndGet(TimeUnit.MILLISECONDS.toNanos(300));
      return lag(0);
    });
    now.addAndGet(TimeUnit.MILLISECONDS.toNanos(200));
    assertThat(lags.of(STORE, 1)).hasValue(new Lag(0, 500));
  }

  @Test
  void storeOpenedAgainDoesNotInheritTheLagOfTheOneBefore() {
    lags.refresh(() -> lag(0));
    lags.opened(STORE, 1);
    assertThat(lags.of(STORE, 1)).isEmpty();
  }

  @Test
  void storeOpenedDuringALookupWaitsForTheNextOne() {
    lags.refresh(() -> {
      Map<String, Map<Integer, LagInfo>> found = lag(0);
      lags.opened(STORE, 1);
      return found;
    });
    assertThat(lags.of(STORE, 1)).isEmpty();
    lags.refresh(() -> lag(9));
    assertThat(lags.of(STORE, 1)).hasValue(new Lag(9, 0));
  }

  private static Map<String, Map<Integer, LagInfo>> lag(long records) {
    try {
      // Kafka Streams makes these itself and has no public constructor.
      var constructor = LagInfo.class.getDeclaredConstructor(long.class, long.class);
      constructor.setAccessible(true);
      return Map.of(STORE, Map.of(1, constructor.newInstance(100 - records, 100L)));
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(e.getMessage(), e);
    }
  }
}
