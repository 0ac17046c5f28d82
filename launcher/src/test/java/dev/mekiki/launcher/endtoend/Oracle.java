package dev.mekiki.launcher.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.client.MekikiClient;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.schemas.v1.Image;
import dev.mekiki.schemas.v1.Match;
import dev.mekiki.schemas.v1.MatchKind;
import dev.mekiki.schemas.v1.SearchHit;
import dev.mekiki.schemas.v1.SearchRequest;
import dev.mekiki.schemas.v1.SearchResponse;
import dev.mekiki.schemas.v1.SourceCoordinate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What must be found among the given images, by comparing each with each. It takes the codes from
/// the API, for inference is not bit-stable: not the codes are under test here, but what is made of
/// them.
final class Oracle {
  private static final int FINGERPRINT_RADIUS = 31;

  private final Map<String, Image> images = new HashMap<>();

  Oracle(MekikiClient api, Collection<String> ids) {
    ids.forEach(id -> images.put(id, api.image(id)));
  }

  /// Every pair of final revisions, `smaller id | larger id`, with its kind.
  Map<String, MatchKind> pairs() {
    Map<String, MatchKind> pairs = new TreeMap<>();
    for (Image a : images.values()) {
      for (Image b : images.values()) {
        if (a.getId().compareTo(b.getId()) >= 0) {
          continue;
        }
        if (a.getSha256().equals(b.getSha256())) {
          pairs.put(a.getId() + " | " + b.getId(), MatchKind.EXACT);
        } else if (!a.getFeatureless()
            && !b.getFeatureless()
            && distance(a.getFingerprint(), b.getFingerprint()) <= FINGERPRINT_RADIUS) {
          pairs.put(a.getId() + " | " + b.getId(), MatchKind.DUPLICATE);
        }
      }
    }
    return pairs;
  }

  /// Every final pair has exactly one event of the right kind, and no pair of revisions has two.
  void assertMatchesAreExactlyThePairs(List<Match> matches) {
    Map<String, MatchKind> found = new TreeMap<>();
    List<String> twice = new ArrayList<>();
    Map<String, Integer> revisionPairs = new HashMap<>();
    for (Match match : matches) {
      String a = match.getLater().getId();
      String b = match.getEarlier().getId();
      String pair = a.compareTo(b) < 0 ? a + " | " + b : b + " | " + a;
      if (revisionPairs.merge(revisionPair(match), 1, Integer::sum) > 1) {
        twice.add(pair);
      }
      if (isFinal(match)) {
        found.put(pair, match.getKind());
      }
    }
    assertThat(twice).as("pairs of revisions with two events").isEmpty();
    assertThat(found).isEqualTo(pairs());
  }

  /// A search by id gives what comparing with every image gives.
  void assertSearchByIdIsExact(MekikiClient api, String id, int k) {
    SearchResponse response =
        api.search(SearchRequest.newBuilder().setId(id).setK(k).setRequireComplete(true).build());
    Image query = image(id);
    List<String> expected =
        images.values().stream()
            .filter(image -> !image.getId().equals(id))
            .sorted(
                Comparator.<Image>comparingInt(
                        image -> distance(image.getHashCode(), query.getHashCode()))
                    .thenComparingInt(
                        image -> distance(image.getFingerprint(), query.getFingerprint()))
                    .thenComparing(Image::getId))
            .limit(k)
            .map(Image::getId)
            .toList();
    assertThat(response.getComplete()).isTrue();
    assertThat(response.getHitsList().stream().map(SearchHit::getImageId).toList())
        .isEqualTo(expected);
  }

  private boolean isFinal(Match match) {
    return match.getLater().getRevision().equals(image(match.getLater().getId()).getRevision())
        && match.getEarlier().getRevision().equals(image(match.getEarlier().getId()).getRevision());
  }

  private Image image(String id) {
    Image image = images.get(id);
    if (image == null) {
      throw new AssertionError("an image that was never sent: " + id);
    }
    return image;
  }

  private static String revisionPair(Match match) {
    String a = text(match.getLater().getRevision());
    String b = text(match.getEarlier().getRevision());
    return a.compareTo(b) < 0 ? a + " " + b : b + " " + a;
  }

  private static String text(SourceCoordinate revision) {
    return revision.getPartition() + "@" + revision.getOffset();
  }

  private static int distance(String hexA, String hexB) {
    return HashCode.fromHex(hexA).distance(HashCode.fromHex(hexB));
  }
}
