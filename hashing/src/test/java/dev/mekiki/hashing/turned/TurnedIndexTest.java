package dev.mekiki.hashing.turned;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mekiki.hashing.RandomCodes;
import dev.mekiki.hashing.Seeds;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.landmark.AffineMap;
import dev.mekiki.hashing.pdq.Fingerprint;
import dev.mekiki.hashing.pdq.Turn;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TurnedIndexTest {
  private static final int RADIUS = 31;
  private static final int MOST = 10;

  private final Random random = new Random(Seeds.seed(TurnedIndexTest.class));
  private final TurnedIndex index = new TurnedIndex();

  private record Row(HashCode whole, @Nullable HashCode trimmed) {}

  @Test
  void turnedCopyIsFoundWithTheMapThatLaysItOverItsOriginal() {
    Drawn original = steady();
    put("original", original);
    put("other", Drawn.at(300, 200, random));
    for (Turn turn : Turn.values()) {
      if (turn == Turn.NONE) {
        continue;
      }
      Drawn copy = original.turned(turn);

      TurnedCandidate found = nearest(copy);

      assertThat(found.id()).isEqualTo("original");
      assertThat(found.turn()).isEqualTo(turn.inverse());
      assertLeads(found, copy, original, turn);
    }
  }

  @Test
  void framedCopyIsFoundAndFindsItsOriginal() {
    Drawn original = steady();
    Drawn framed = original.framed(60, 90);
    put("original", original);

    TurnedCandidate found = nearest(framed);

    assertThat(found.turn()).isEqualTo(Turn.NONE);
    assertThat(found.region()).isEqualTo(new Region(60 / 360f, 90 / 290f, 1, 1));
    assertThat(found.isTrimmed()).isFalse();
    AffineMap map = found.region().onto(framed.size(), found.turn(), Region.WHOLE, original.size());
    assertThat(map.x(60 / 360.0 * 256, 256)).isCloseTo(0, within(1e-3));

    index.remove("original");
    put("framed", framed);
    found = nearest(original);
    assertThat(found.id()).isEqualTo("framed");
    assertThat(found.isTrimmed()).isTrue();
    // Both framed, each in a way of its own, and one of them turned.
    assertThat(nearest(original.framed(20, 20).turned(Turn.ROTATED_180)).isTrimmed()).isTrue();
  }

  @Test
  void whatIsFoundIsWhatABruteForceFinds() {
    Map<String, Row> rows = new HashMap<>();
    for (int change = 0; change < 3000; change++) {
      String id = "image" + random.nextInt(600);
      if (random.nextInt(4) == 0) {
        rows.remove(id);
        index.remove(id);
      } else {
        Row row = new Row(code(rows), random.nextInt(3) == 0 ? code(rows) : null);
        rows.put(id, row);
        index.put(id, row.whole(), row.trimmed());
      }
    }
    int all = 0;
    for (int i = 0; i < 200; i++) {
      List<HashCode> codes = new ArrayList<>();
      SoughtFingerprints.turns().forEach(_ -> codes.add(code(rows)));
      SoughtFingerprints sought =
          new SoughtFingerprints(List.of(new SoughtFingerprints.Part(Region.WHOLE, codes)));

      Set<String> expected = new TreeSet<>();
      rows.forEach((id, row) -> {
        for (int turn = 0; turn < codes.size(); turn++) {
          if (turn > 0 && row.whole().distance(codes.get(turn)) <= RADIUS) {
            expected.add(id + " whole " + turn);
          }
          HashCode trimmed = row.trimmed();
          if (trimmed != null && trimmed.distance(codes.get(turn)) <= RADIUS) {
            expected.add(id + " trimmed " + turn);
          }
        }
      });

      Set<String> found = new TreeSet<>();
      for (TurnedCandidate one : index.candidates(sought, RADIUS, 1000)) {
        int turn = SoughtFingerprints.turns().indexOf(one.turn());
        found.add(one.id() + (one.isTrimmed() ? " trimmed " : " whole ") + turn);
      }
      assertThat(found).isEqualTo(expected);
      all += found.size();
    }
    assertThat(index.size()).isEqualTo(rows.size());
    assertThat(all).isGreaterThan(500);
  }

  @Test
  void onlyTheNearestAreFoundWhereThereAreMany() {
    HashCode code = RandomCodes.uniform(Fingerprint.BITS, random);
    for (int distance = 0; distance <= RADIUS; distance++) {
      index.put("image" + distance, RandomCodes.at(code, distance, random), null);
    }
    List<HashCode> codes =
        new ArrayList<>(Collections.nCopies(8, RandomCodes.uniform(Fingerprint.BITS, random)));
    codes.set(3, code);
    SoughtFingerprints sought =
        new SoughtFingerprints(List.of(new SoughtFingerprints.Part(Region.WHOLE, codes)));

    assertThat(index.candidates(sought, RADIUS, MOST))
        .extracting(TurnedCandidate::distance)
        .containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
  }

  /// What an image costs in memory, and an arrival in time: without and with a border.
  /// `-Dmekiki.turned.images=N` sets how many there are.
  @Test
  void costOfAnArrivalAmongVeryManyImages() {
    int images = Integer.getInteger("mekiki.turned.images", 10_000);
    for (int i = 0; i < images; i++) {
      HashCode trimmed = i % 10 == 0 ? RandomCodes.uniform(Fingerprint.BITS, random) : null;
      index.put("images/%08d.jpg".formatted(i), fresh(), trimmed);
    }
    List<SoughtFingerprints> whole = new ArrayList<>();
    List<SoughtFingerprints> both = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      SoughtFingerprints.Part part = part(Region.WHOLE);
      whole.add(new SoughtFingerprints(List.of(part)));
      both.add(new SoughtFingerprints(List.of(part, part(new Region(0.1f, 0.1f, 1, 1)))));
    }
    for (int warmUp = 0; warmUp < 3; warmUp++) {
      micros(whole);
      micros(both);
    }
    System.out.printf(
        "turned: images=%d bytes_per_image=%.0f whole_micros=%.0f with_border_micros=%.0f%n",
        images, (double) index.bytes() / images, micros(whole), micros(both));
    assertThat((double) index.bytes() / images).isLessThan(300);
  }

  private double micros(List<SoughtFingerprints> all) {
    long start = System.nanoTime();
    all.forEach(sought -> index.candidates(sought, RADIUS, MOST));
    return (System.nanoTime() - start) / 1e3 / all.size();
  }

  private SoughtFingerprints.Part part(Region region) {
    List<HashCode> codes = new ArrayList<>();
    SoughtFingerprints.turns().forEach(_ -> codes.add(fresh()));
    return new SoughtFingerprints.Part(region, codes);
  }

  private HashCode fresh() {
    return RandomCodes.uniform(Fingerprint.BITS, random);
  }

  /// Any, or one near that of a row.
  private HashCode code(Map<String, Row> rows) {
    if (rows.isEmpty() || random.nextInt(3) == 0) {
      return fresh();
    }
    List<Row> all = List.copyOf(rows.values());
    Row row = all.get(random.nextInt(all.size()));
    return RandomCodes.at(row.whole(), random.nextInt(60), random);
  }

  private void put(String id, Drawn picture) {
    SoughtFingerprints sought = picture.sought();
    index.put(
        id,
        sought.parts().getFirst().codes().getFirst(),
        sought.trimmed().map(TrimmedFingerprint::code).orElse(null));
  }

  /// A picture whose fingerprint in each turn is near that of the turned picture, as it is of
  /// almost all: many waves may happen to lie about the median.
  private Drawn steady() {
    while (true) {
      Drawn drawn = Drawn.at(300, 200, random);
      List<HashCode> codes = drawn.sought().parts().getFirst().codes();
      boolean steady = true;
      for (Turn turn : Turn.values()) {
        HashCode turned = drawn.turned(turn).sought().parts().getFirst().codes().getFirst();
        steady &= codes.stream().anyMatch(code -> code.distance(turned) <= RADIUS / 2);
      }
      if (steady) {
        return drawn;
      }
    }
  }

  private TurnedCandidate nearest(Drawn picture) {
    List<TurnedCandidate> found = index.candidates(picture.sought(), RADIUS, MOST);
    assertThat(found).isNotEmpty();
    return found.getFirst();
  }

  private static void assertLeads(TurnedCandidate found, Drawn copy, Drawn original, Turn turn) {
    AffineMap map = found.region().onto(copy.size(), found.turn(), Region.WHOLE, original.size());
    for (double[] point : new double[][] {{0.1, 0.2}, {0.9, 0.3}, {0.4, 0.8}}) {
      double copyScale = 256.0 / Math.max(copy.width(), copy.height());
      double x = turn.x(point[0], point[1]) * copy.width() * copyScale;
      double y = turn.y(point[0], point[1]) * copy.height() * copyScale;
      double scale = 256.0 / Math.max(original.width(), original.height());
      assertThat(map.x(x, y)).isCloseTo(point[0] * original.width() * scale, within(1e-3));
      assertThat(map.y(x, y)).isCloseTo(point[1] * original.height() * scale, within(1e-3));
    }
  }
}
