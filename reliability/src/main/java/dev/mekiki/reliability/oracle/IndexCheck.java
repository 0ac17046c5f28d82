package dev.mekiki.reliability.oracle;

import dev.mekiki.client.MekikiClient;
import dev.mekiki.client.MekikiException;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.reliability.topics.History;
import dev.mekiki.reliability.topics.Place;
import dev.mekiki.reliability.topics.Revision;
import dev.mekiki.schemas.v1.SearchHit;
import dev.mekiki.schemas.v1.SearchRequest;
import dev.mekiki.schemas.v1.SearchResponse;
import java.util.HashMap;
import java.util.Map;

/// Compares everything that searches find with the images that must be there.
final class IndexCheck {
  private static final int ALL = 10_000;

  private final History history;

  IndexCheck(History history) {
    this.history = history;
  }

  /// Whether there is a complete answer with the images that must be there and no other ones: as
  /// many may also be found while the last changes are still to come.
  boolean findsAll(MekikiClient client) {
    try {
      Findings differences = new Findings();
      check(client, "", differences);
      return differences.isEmpty();
    } catch (MekikiException e) {
      return false;
    }
  }

  private HashCode query() {
    return history.present().values().iterator().next().codes().getFirst();
  }

  private static SearchResponse all(MekikiClient client, HashCode query) {
    return client.search(
        SearchRequest.newBuilder()
            .setCode(query.toHex())
            .setK(ALL)
            .setRequireComplete(true)
            .build());
  }

  /// Asks one query service for all images.
  ///
  /// @param when what was done before, for the findings
  void check(MekikiClient client, String when, Findings findings) {
    HashCode query = query();
    compare(all(client, query), query, when, findings);
  }

  /// Compares an answer that should hold all images.
  ///
  /// @param query the code that was searched for
  void compare(SearchResponse answer, HashCode query, String when, Findings findings) {
    Map<String, Place> found = new HashMap<>();
    for (SearchHit hit : answer.getHitsList()) {
      Place before = found.put(hit.getImageId(), Place.of(hit.getRevision()));
      if (before != null) {
        findings.wrong(when, "'%s' is found twice".formatted(hit.getImageId()));
      }
      Revision revision = history.present().get(hit.getImageId());
      if (revision != null
          && revision.codes().stream()
              .noneMatch(code -> code.distance(query) == hit.getCodeDistance())) {
        findings.wrong(when, "'%s' has another code".formatted(hit.getImageId()));
      }
    }
    history
        .present()
        .forEach((id, revision) -> {
          Place place = found.remove(id);
          if (place == null) {
            findings.wrong(when, "'%s' %s cannot be found".formatted(id, revision.place()));
          } else if (!place.equals(revision.place())) {
            findings.wrong(
                when, "'%s' is found as %s, not as %s".formatted(id, place, revision.place()));
          }
        });
    found.forEach((id, place) ->
        findings.wrong(when, "'%s' %s is found and was removed".formatted(id, place)));
    findings.count("images compared: " + when, history.present().size());
  }
}
