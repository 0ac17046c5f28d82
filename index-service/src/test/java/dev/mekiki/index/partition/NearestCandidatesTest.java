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
        all.add(
            new MatchCandidate(
                "%03d".formatted(i), random.nextBoolean(), random.nextInt(4), random.nextInt(3)));
      }
      Collections.shuffle(all, random);
      int limit = 1 + random.nextInt(60);
      boolean arrivalHome = random.nextBoolean();
      NearestCandidates nearest = new NearestCandidates("050", arrivalHome, limit);
      all.forEach(candidate -> offer(nearest, candidate));

      List<MatchCandidate> toldHere =
          all.stream()
              .filter(candidate -> !candidate.id().equals("050"))
              .filter(
                  candidate -> candidate.id().compareTo("050") > 0 ? arrivalHome : candidate.home())
              .sorted(
                  Comparator.comparingInt(MatchCandidate::codeDistance)
                      .thenComparingInt(MatchCandidate::fingerprintDistance)
                      .thenComparing(MatchCandidate::id))
              .toList();
      assertThat(nearest.sorted())
          .as("round %d", round)
          .isEqualTo(toldHere.subList(0, Math.min(limit, toldHere.size())));
      assertThat(nearest.offered()).isEqualTo(100);
      if (toldHere.size() > limit) {
        assertThat(nearest.isComplete()).as("round %d", round).isFalse();
      }
    }
  }

  @Test
  void isCompleteWhereAllHaveAPlace() {
    NearestCandidates nearest = new NearestCandidates("a", true, 2);
    offer(nearest, new MatchCandidate("b", true, 3, 0));
    offer(nearest, new MatchCandidate("a", true, 0, 0));
    offer(nearest, new MatchCandidate("c", false, 1, 0));

    assertThat(nearest.sorted()).extracting(MatchCandidate::id).containsExactly("c", "b");
    assertThat(nearest.isComplete()).isTrue();
  }

  private static void offer(NearestCandidates nearest, MatchCandidate candidate) {
    if (nearest.wants(
        candidate.home(), candidate.codeDistance(), candidate.fingerprintDistance())) {
      nearest.collect(candidate);
    }
  }
}
