package dev.mekiki.hashing.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.hashing.Seeds;
import dev.mekiki.hashing.match.Sha256;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class DismissedPairsTest {
  private final Random random = new Random(Seeds.seed(DismissedPairsTest.class));
  private final DismissedPairs pairs = new DismissedPairs();

  @Test
  void holdsWhatASetOfPairsWouldHold() {
    List<Pair> known = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      known.add(Pair.random(random));
    }
    Set<Pair> oracle = new HashSet<>();
    for (int i = 0; i < 50_000; i++) {
      // From nearly all to nearly none and back, so that the table grows, shrinks and cleans up.
      int share = Math.abs(i / 100 % 20 - 10);
      Pair pair = known.get(random.nextInt(known.size()));
      if (random.nextInt(10) < share) {
        assertThat(pairs.add(pair.key())).isEqualTo(oracle.add(pair));
      } else {
        assertThat(pairs.remove(pair.key())).isEqualTo(oracle.remove(pair));
      }
      Pair asked = known.get(random.nextInt(known.size()));
      assertThat(asked.isIn(pairs)).isEqualTo(oracle.contains(asked));
      assertThat(pairs.size()).isEqualTo(oracle.size());
    }
    known.forEach(pair -> assertThat(pair.isIn(pairs)).isEqualTo(oracle.contains(pair)));
  }

  @Test
  void pairIsTheSameInEitherOrderAndOfOneTenant() {
    Pair pair = Pair.random(random);
    pairs.add(pair.key());

    assertThat(pairs.contains(pair.tenant(), pair.b(), pair.a())).isTrue();
    assertThat(pairs.contains(pair.tenant() + "x", pair.a(), pair.b())).isFalse();
    assertThat(pairs.contains(pair.tenant(), pair.a(), pair.a())).isFalse();
    assertThat(pairs.contains(pair.tenant(), pair.b(), pair.b())).isFalse();
  }

  @Test
  void millionPairsTake32MiB() {
    for (int i = 0; i < 1_000_000; i++) {
      pairs.add(Pair.random(random).key());
    }
    assertThat(pairs.size()).isEqualTo(1_000_000);
    assertThat(pairs.bytes()).isEqualTo(32 << 20);
  }

  @Test
  void readerFindsWhatStaysWhileOthersComeAndGo() throws Exception {
    List<Pair> stay = new ArrayList<>();
    List<Pair> neverThere = new ArrayList<>();
    List<Pair> others = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      stay.add(Pair.random(random));
      neverThere.add(Pair.random(random));
      others.add(Pair.random(random));
    }
    stay.forEach(pair -> pairs.add(pair.key()));
    AtomicBoolean stopped = new AtomicBoolean();
    AtomicLong wrong = new AtomicLong();
    AtomicLong rounds = new AtomicLong();
    Thread reader =
        Thread.ofPlatform()
            .start(() -> {
              while (!stopped.get()) {
                stay.forEach(pair -> wrong.addAndGet(pair.isIn(pairs) ? 0 : 1));
                neverThere.forEach(pair -> wrong.addAndGet(pair.isIn(pairs) ? 1 : 0));
                rounds.incrementAndGet();
              }
            });
    try {
      while (rounds.get() < 300) {
        Pair pair = others.get(random.nextInt(others.size()));
        if (!pairs.add(pair.key())) {
          pairs.remove(pair.key());
        }
      }
    } finally {
      stopped.set(true);
      reader.join();
    }
    assertThat(wrong).hasValue(0);
  }

  private record Pair(String tenant, Sha256 a, Sha256 b) {
    static Pair random(Random random) {
      return new Pair(
          random.nextBoolean() ? "" : "shop",
          new Sha256(random.nextLong(), 0, 0, 1),
          new Sha256(0, 0, random.nextLong(), 2));
    }

    PairKey key() {
      return PairKey.of(tenant, a, b);
    }

    boolean isIn(DismissedPairs pairs) {
      return pairs.contains(tenant, a, b);
    }
  }
}
