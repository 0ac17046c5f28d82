package dev.mekiki.index.partition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.hashing.bucket.MatchCandidate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class NearestCandidatesTest {
  @Test
  void holdsTheNearestOfManyWhateverTheirOrder() {
    for (int round = 0; round < 200; round++) {
      Random random = new Random(round);
      List<MatchCandidate> all = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        all.add(new MatchCandidate("%03d".formatted(i), random.nextInt(4), random.nextInt(3)));
      }
      Collections.shuffle(all, random);
      int limit = 1 + random.nextInt(60);
      NearestCandidates nearest = new NearestCandidates("050", limit);
      all.forEach(candidate -> offer(nearest, candidate));

      List<MatchCandidate> others =
          all.stream()
              .filter(candidate -> !candidate.id().equals("050"))
              .sorted(
                  Comparator.comparingInt(MatchCandidate::codeDistance)
                      .thenComparingInt(MatchCandidate::fingerprintDistance)
                      .thenComparing(MatchCandidate::id))
              .toList();
      assertThat(nearest.sorted())
          .as("round %d", round)
          .isEqualTo(others.subList(0, Math.min(limit, others.size())));
      assertThat(nearest.offered()).isEqualTo(100);
      if (others.size() > limit) {
        assertThat(nearest.isComplete()).as("round %d", round).isFalse();
      }
    }
  }

  @Test
  void isCompleteWhereAllHaveAPlace() {
    NearestCandidates nearest = new NearestCandidates("a", 2);
    offer(nearest, new MatchCandidate("b", 3, 0));
    offer(nearest, new MatchCandidate("a", 0, 0));
    offer(nearest, new MatchCandidate("c", 1, 0));

    assertThat(nearest.sorted()).extracting(MatchCandidate::id).containsExactly("c", "b");
    assertThat(nearest.isComplete()).isTrue();
  }

  private static void offer(NearestCandidates nearest, MatchCandidate candidate) {
    if (nearest.wants(candidate.codeDistance(), candidate.fingerprintDistance())) {
      nearest.collect(candidate);
    }
  }
}
