package dev.mekiki.reliability.oracle;

import dev.mekiki.reliability.topics.MatchLog.Event;
import dev.mekiki.reliability.topics.Place;
import dev.mekiki.schemas.v1.Match;
import dev.mekiki.schemas.v1.MatchKind;
import dev.mekiki.schemas.v1.MatchedImage;
import dev.mekiki.schemas.v1.SourceCoordinate;

/// Events as they stand on `matches`.
final class Events {
  private Events() {}

  /// An event at an offset of partition 0.
  static Event at(long offset, String id, Place later, Place earlier, MatchKind kind) {
    return new Event(
        new Place(0, offset),
        Match.newBuilder()
            .setEventId(id)
            .setKind(kind)
            .setLater(image(later))
            .setEarlier(image(earlier))
            .build());
  }

  private static MatchedImage image(Place place) {
    return MatchedImage.newBuilder()
        .setRevision(
            SourceCoordinate.newBuilder().setPartition(place.partition()).setOffset(place.offset()))
        .build();
  }
}
