package dev.mekiki.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class PrefetcherTest {
  @Test
  void comesInOrderWhateverIsMadeFirst() {
    // The first takes longest.
    Prefetcher<Integer> ahead =
        new Prefetcher<>(
            50,
            number -> {
              long end = System.nanoTime() + 1_000_000 / (number + 1);
              while (System.nanoTime() < end) {
                Thread.onSpinWait();
              }
              return number;
            });

    List<Integer> all = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      all.add(ahead.next());
    }

    assertThat(all).isEqualTo(IntStream.range(0, 50).boxed().toList());
    assertThatThrownBy(ahead::next).isInstanceOf(NoSuchElementException.class);
  }

  @Test
  void onlyAFewAreMadeBeforeTheyAreAskedFor() {
    Queue<Integer> begun = new ConcurrentLinkedQueue<>();
    Prefetcher<Integer> ahead =
        new Prefetcher<>(
            100,
            number -> {
              begun.add(number);
              return number;
            });

    ahead.next();

    // Four, and the one begun when the first was taken.
    assertThat(begun).hasSizeLessThanOrEqualTo(5);
  }

  @Test
  void whatGoesWrongIsThrownWhereItIsTaken() {
    Prefetcher<Integer> ahead =
        new Prefetcher<>(
            2,
            number -> {
              if (number == 1) {
                throw new IllegalStateException("second");
              }
              return number;
            });

    assertThat(ahead.next()).isZero();
    assertThatIllegalStateException().isThrownBy(ahead::next).withMessage("second");
  }
}
