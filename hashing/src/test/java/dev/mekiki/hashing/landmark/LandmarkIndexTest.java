package dev.mekiki.hashing.landmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.mekiki.hashing.Seeds;
import dev.mekiki.hashing.code.HashCode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The index against a brute force that compares every key of every landmark.
class LandmarkIndexTest {
  private final SplittableRandom random = new SplittableRandom(Seeds.seed(LandmarkIndexTest.class));
  private LandmarkIndex index = new LandmarkIndex();
  private final Map<Integer, StoredLandmarks> rows = new HashMap<>();

  /// @param maxFewRows below, all variants of a key are looked up
  @ParameterizedTest
  @ValueSource(ints = {0, 2_000, 1_000_000})
  void candidatesAreThoseOfABruteForceWhileRowsComeAndGo(int maxFewRows) {
    index = new LandmarkIndex(maxFewRows);
    List<List<Landmark>> pictures = new ArrayList<>();
    for (int step = 0; step < 4_000; step++) {
      if (!rows.isEmpty() && random.nextInt(4) == 0) {
        removeAny();
      } else {
        List<Landmark> picture =
            pictures.isEmpty() || random.nextInt(3) > 0
                ? Samples.landmarks(random.nextInt(1, 33), random)
                : copy(pictures.get(random.nextInt(pictures.size())));
        pictures.add(picture);
        add(StoredLandmarks.of(picture));
      }
      if (step % 100 == 0 && !pictures.isEmpty()) {
        assertCandidatesAreThoseOfABruteForce(
            SoughtLandmarks.of(copy(pictures.get(random.nextInt(pictures.size())))));
      }
    }
    assertThat(index.size()).isEqualTo(rows.size());
  }

  @Test
  void removedRowsAreSweptAndTheirNumbersUsedAgain() {
    for (int i = 0; i < 4_000; i++) {
      add(StoredLandmarks.of(Samples.landmarks(8, random)));
    }
    int most = rows.keySet().stream().mapToInt(Integer::intValue).max().orElseThrow();
    for (int i = 0; i < 20_000; i++) {
      removeAny();
      add(StoredLandmarks.of(Samples.landmarks(8, random)));
    }

    assertThat(rows.keySet()).allMatch(row -> row < 3 * most);
    assertThat(index.size()).isEqualTo(4_000);
  }

  /// A recurring picture costs no more than a part of its copies, and hides no other.
  @Test
  void pictureOfWhichThereAreVeryManyIsFoundInSomeOfThem() {
    List<Landmark> recurring = Samples.landmarks(32, random);
    List<Landmark> rare = Samples.landmarks(32, random);
    for (int i = 0; i < 3_000; i++) {
      add(StoredLandmarks.of(recurring));
    }
    int row = add(StoredLandmarks.of(rare));

    assertThat(index.candidates(SoughtLandmarks.of(recurring), 2))
        .hasSizeBetween(1, 4 * LandmarkIndex.MAX_OF_A_KEY);
    assertThat(index.candidates(SoughtLandmarks.of(rare), 2))
        .extracting(LandmarkCandidate::row)
        .containsExactly(row);
  }

  @Test
  void rowsThatAreNotWantedTakeNoPlaceOfOthers() {
    List<Landmark> recurring = Samples.landmarks(32, random);
    List<Integer> wanted = new ArrayList<>();
    for (int i = 0; i < 3_000; i++) {
      int row = add(StoredLandmarks.of(recurring));
      if (i % 1_000 == 999) {
        wanted.add(row);
      }
    }

    assertThat(
            new LandmarkReader()
                .candidates(index, SoughtLandmarks.of(recurring), 2, wanted::contains))
        .extracting(LandmarkCandidate::row)
        .hasSameElementsAs(wanted);
  }

  @Test
  void pictureIsFoundInItsMirrorImage() {
    List<Landmark> landmarks = Samples.landmarks(20, random);
    List<Landmark> mirrored =
        landmarks.stream()
            .map(landmark ->
                new Landmark(mirrored(landmark.frame()), landmark.mirrored(), landmark.hash()))
            .toList();
    int row = add(StoredLandmarks.of(landmarks));

    assertThat(index.candidates(SoughtLandmarks.of(mirrored), 2))
        .singleElement()
        .satisfies(candidate -> {
          assertThat(candidate.row()).isEqualTo(row);
          assertThat(candidate.map().isMirrored()).isTrue();
          assertThat(candidate.votes()).isGreaterThan(10);
        });
  }

  /// What is left of a picture that is shown very small.
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void singleLandmarkIsEnoughIfMostOfItsKeysAreShared(int keysChanged) {
    List<Landmark> picture = Samples.landmarks(32, random);
    int row = add(StoredLandmarks.of(picture));
    Landmark landmark = picture.get(7);
    long[] words = landmark.hash().code().words();
    for (int i = 0; i < 3 * keysChanged; i++) {
      int bit = i / 3 * PatchHash.KEY_BITS + 5 + i % 3;
      words[bit / 64] ^= 1L << bit;
    }
    PatchHash hash = new PatchHash(HashCode.of(PatchHasher.BITS, words), landmark.hash().weakest());
    Frame small = new Frame(40.5f, 50.5f, 4, 1);
    SoughtLandmarks sought =
        SoughtLandmarks.of(List.of(new Landmark(small, hash, Samples.hash(random))));

    List<LandmarkCandidate> found = index.candidates(sought, 2);

    if (keysChanged > 2) {
      assertThat(found).isEmpty();
      return;
    }
    LandmarkCandidate candidate = found.getFirst();
    assertThat(found).hasSize(1);
    assertThat(candidate.row()).isEqualTo(row);
    assertThat(candidate.map().x(40.5, 50.5)).isCloseTo(landmark.frame().x(), within(1.0));
    assertThat(candidate.map().scale()).isCloseTo(landmark.frame().size() / 4.0, within(0.5));
    assertThat(index.candidates(sought, 3)).isEmpty();
  }

  @Test
  void rowThatIsNotThereCannotBeRemoved() {
    assertThatIllegalArgumentException().isThrownBy(() -> index.remove(0));
    int row = add(StoredLandmarks.of(Samples.landmarks(1, random)));
    index.remove(row);
    assertThatIllegalArgumentException().isThrownBy(() -> index.remove(row));
  }

  @Test
  void memoryOfAnImageStaysBelowAKilobyte() {
    for (int i = 0; i < 40_000; i++) {
      index.add(StoredLandmarks.of(Samples.landmarks(32, random)));
    }

    assertThat(index.bytes() / 40_000).isLessThan(1_024);
  }

  private static Frame mirrored(Frame frame) {
    return new Frame(256 - frame.x(), frame.y(), frame.size(), (float) (Math.PI - frame.angle()));
  }

  private int add(StoredLandmarks landmarks) {
    int row = index.add(landmarks);
    assertThat(rows.put(row, landmarks)).as("row %d", row).isNull();
    return row;
  }

  private void removeAny() {
    List<Integer> known = List.copyOf(rows.keySet());
    int row = known.get(random.nextInt(known.size()));
    index.remove(row);
    rows.remove(row);
  }

  /// Some of the landmarks, some with bits changed, and some others.
  private List<Landmark> copy(List<Landmark> picture) {
    List<Landmark> copy = new ArrayList<>();
    for (Landmark landmark : picture) {
      switch (random.nextInt(4)) {
        case 0 -> {}
        case 1 -> copy.add(Samples.landmarks(1, random).getFirst());
        case 2 -> copy.add(landmark);
        default ->
            copy.add(new Landmark(landmark.frame(), changed(landmark.hash()), landmark.mirrored()));
      }
    }
    return copy;
  }

  private PatchHash changed(PatchHash hash) {
    long[] words = hash.code().words();
    for (int i = 0; i < 4; i++) {
      int bit = random.nextInt(144);
      words[bit / 64] ^= 1L << bit;
    }
    return new PatchHash(HashCode.of(PatchHasher.BITS, words), hash.weakest());
  }

  private void assertCandidatesAreThoseOfABruteForce(SoughtLandmarks sought) {
    Map<Integer, Integer> votes = new TreeMap<>();
    rows.forEach((row, stored) -> {
      for (int orientation = 0; orientation < 2; orientation++) {
        Set<Long> pairs = new LinkedHashSet<>();
        int most = 0;
        // In the order of the index, which decides between equal proposals.
        for (int to = 0; to < stored.size(); to++) {
          for (int from = 0; from < sought.size(); from++) {
            int shared = keysShared(sought, 2 * from + orientation, stored, to, index.variants());
            most = Math.max(most, shared);
            if (shared > 0) {
              pairs.add((long) from << 32 | to);
            }
          }
        }
        Voting.@Nullable Outcome outcome = vote(pairs, sought, stored, orientation == 1);
        if (pairs.size() >= 2 && outcome != null && outcome.votes() >= 2) {
          votes.put(2 * row + orientation, outcome.votes());
        } else if (most >= 4) {
          votes.put(2 * row + orientation, 2);
        }
      }
    });
    Map<Integer, Integer> found = new TreeMap<>();
    for (LandmarkCandidate candidate : index.candidates(sought, 2)) {
      found.put(2 * candidate.row() + (candidate.map().isMirrored() ? 1 : 0), candidate.votes());
    }
    assertThat(found).isEqualTo(votes);
  }

  private static int keysShared(
      SoughtLandmarks sought, int hash, StoredLandmarks stored, int landmark, int variants) {
    int shared = 0;
    for (int key = 0; key < PatchHash.KEYS; key++) {
      for (int variant = 0; variant < variants; variant++) {
        shared += stored.key(landmark, key) == sought.key(hash, key, variant) ? 1 : 0;
      }
    }
    return shared;
  }

  private static Voting.@Nullable Outcome vote(
      Set<Long> pairs, SoughtLandmarks sought, StoredLandmarks stored, boolean mirrored) {
    Frame[] from =
        pairs.stream()
            .map(pair -> Frame.unpack(sought.frame((int) (pair >>> 32))))
            .toArray(Frame[]::new);
    Frame[] to =
        pairs.stream()
            .map(pair -> Frame.unpack(stored.frame(pair.intValue())))
            .toArray(Frame[]::new);
    return new Voting().vote(from, to, from.length, mirrored, 1);
  }
}
