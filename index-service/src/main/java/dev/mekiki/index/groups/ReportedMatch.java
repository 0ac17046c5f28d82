package dev.mekiki.index.groups;

import dev.mekiki.hashing.group.Content;
import dev.mekiki.hashing.group.ReportedPair;
import dev.mekiki.hashing.match.Sha256;
import dev.mekiki.index.record.DefectiveRecordException;
import dev.mekiki.index.record.RecordChecks;
import dev.mekiki.schemas.v1.Match;
import dev.mekiki.schemas.v1.MatchKind;
import dev.mekiki.schemas.v1.MatchedImage;

/// A pair that an event has reported, as far as groups and retractions need it.
///
/// @param match the event without what explains it
/// @param later its later image
/// @param earlier its earlier image
record ReportedMatch(Match match, Side later, Side earlier) implements ReportedPair {
  /// Longer ids than those of events are none.
  private static final int MAX_EVENT_ID = 100;

  /// The pair of an event.
  ///
  /// @throws DefectiveRecordException where the event does not say which images it is about
  static ReportedMatch of(Match match, GroupSettings settings) throws DefectiveRecordException {
    RecordChecks.range("event_id", match.getEventId().length(), 1, MAX_EVENT_ID);
    return new ReportedMatch(
        match, side(match.getLater(), settings), side(match.getEarlier(), settings));
  }

  private static Side side(MatchedImage image, GroupSettings settings)
      throws DefectiveRecordException {
    return new Side(
        content(image, settings),
        GroupProtos.id(image.getId()),
        GroupProtos.revision(image.getRevision()));
  }

  private static Content content(MatchedImage image, GroupSettings settings)
      throws DefectiveRecordException {
    RecordChecks.name("tenant", image.getTenant());
    try {
      return settings.content(image.getTenant(), Sha256.fromHex(image.getSha256()));
    } catch (IllegalArgumentException e) {
      throw new DefectiveRecordException(
          "sha256",
          "sha256: %d characters (expected: 64 hexadecimal digits)"
              .formatted(image.getSha256().length()),
          e);
    }
  }

  /// An event without what only its readers need.
  static Match slim(Match match) {
    return Match.newBuilder()
        .setEventId(match.getEventId())
        .setKind(match.getKind())
        .setLater(slim(match.getLater()))
        .setEarlier(slim(match.getEarlier()))
        .setCodeDistance(match.getCodeDistance())
        .setFingerprintDistance(match.getFingerprintDistance())
        .setCenter(match.getCenter())
        .setCenterLabel(match.getCenterLabel())
        .setGeneration(match.getGeneration())
        .setMatchTime(match.getMatchTime())
        .setDecidedBy(match.getDecidedBy())
        .build();
  }

  private static MatchedImage slim(MatchedImage image) {
    return MatchedImage.newBuilder()
        .setId(image.getId())
        .setRevision(image.getRevision())
        .setImageTime(image.getImageTime())
        .setSha256(image.getSha256())
        .setTenant(image.getTenant())
        .build();
  }

  /// What is stored with the earlier image: no more than which images it is about.
  Match sides() {
    return Match.newBuilder()
        .setEventId(match.getEventId())
        .setLater(side(match.getLater()))
        .setEarlier(side(match.getEarlier()))
        .build();
  }

  private static MatchedImage side(MatchedImage image) {
    return MatchedImage.newBuilder()
        .setId(image.getId())
        .setRevision(image.getRevision())
        .setSha256(image.getSha256())
        .setTenant(image.getTenant())
        .build();
  }

  @Override
  public String eventId() {
    return match.getEventId();
  }

  @Override
  public boolean joins() {
    return match.getKind() == MatchKind.DUPLICATE;
  }
}
