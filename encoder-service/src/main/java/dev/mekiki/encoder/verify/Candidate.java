package dev.mekiki.encoder.verify;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.Timestamps;
import dev.mekiki.hashing.landmark.AffineMap;
import dev.mekiki.schemas.image.ImageId;
import dev.mekiki.schemas.text.BoundedText;
import dev.mekiki.schemas.topic.Topics;
import dev.mekiki.schemas.v1.CopyCandidate;
import dev.mekiki.schemas.v1.CopyImage;
import dev.mekiki.schemas.v1.CopyProposal;
import dev.mekiki.schemas.v1.ReadDecisions;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A {@link CopyCandidate}, checked.
///
/// @param record as it was read
/// @param proposals at least one
record Candidate(CopyCandidate record, List<Proposal> proposals) {
  private static final int MAX_PROPOSALS = 4;
  private static final int MAP_SIZE = 6;

  /// Beyond, a map is no picture's.
  private static final double MAX_ABSOLUTE = 1e6;

  /// How one picture may lie over the other.
  ///
  /// @param map from the one that was looked for to the one found, both scaled to a longest side of
  ///   256
  record Proposal(AffineMap map, int votes) {}

  /// What a value on the topic holds.
  ///
  /// @throws IllegalArgumentException with what is wrong, where it is no candidate
  static Candidate parse(byte @Nullable [] value) {
    if (value == null) {
      throw new IllegalArgumentException("value: none (expected: a CopyCandidate)");
    }
    CopyCandidate record;
    try {
      record = CopyCandidate.parseFrom(value);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException(
          "value: %d bytes that are no CopyCandidate".formatted(value.length), e);
    }
    return of(record);
  }

  /// The same of a message.
  ///
  /// @throws IllegalArgumentException with what is wrong
  static Candidate of(CopyCandidate record) {
    ImageId _ = new ImageId(record.getSoughtId());
    ImageId _ = new ImageId(record.getFoundId());
    String _ = Topics.shortId(record.getNetwork());
    checkLength("generation", record.getGeneration());
    checkDecisions(record.getDecisions());
    checkLength("center_label", record.getCenterLabel());
    check(record.getSought());
    check(record.getFound());
    if (record.getProposalsCount() == 0 || record.getProposalsCount() > MAX_PROPOSALS) {
      throw new IllegalArgumentException(
          "proposals: %d (expected: 1..%d)".formatted(record.getProposalsCount(), MAX_PROPOSALS));
    }
    List<Proposal> proposals = new ArrayList<>();
    for (CopyProposal proposal : record.getProposalsList()) {
      proposals.add(new Proposal(map(proposal.getMapList()), proposal.getVotes()));
    }
    return new Candidate(record, proposals);
  }

  private static void check(CopyImage image) {
    if (!Timestamps.isValid(image.getImageTime())
        || !Timestamps.isValid(image.getEncodedTime())
        || !Timestamps.isValid(image.getExpireTime())
        || !Timestamps.isValid(image.getRenewedTime())) {
      throw new IllegalArgumentException("time: outside the years 1 to 9999");
    }
    checkLength("revision", image.getRevision().getTopic());
  }

  private static void checkDecisions(ReadDecisions read) {
    if (read.getMutes() < 0 || read.getVerdicts() < 0 || read.getTenants() < 0) {
      throw new IllegalArgumentException("decisions: a negative offset (expected: at least 0)");
    }
  }

  private static void checkLength(String field, String text) {
    if (text.length() > BoundedText.MESSAGE_LENGTH) {
      throw new IllegalArgumentException(
          "%s: %d characters (expected: at most %d)"
              .formatted(field, text.length(), BoundedText.MESSAGE_LENGTH));
    }
  }

  private static AffineMap map(List<Double> m) {
    if (m.size() != MAP_SIZE || !m.stream().allMatch(x -> Math.abs(x) < MAX_ABSOLUTE)) {
      throw new IllegalArgumentException(
          "map: %s (expected: %d finite numbers)"
              .formatted(BoundedText.message(m.toString()), MAP_SIZE));
    }
    return new AffineMap(m.get(0), m.get(1), m.get(2), m.get(3), m.get(4), m.get(5));
  }
}
