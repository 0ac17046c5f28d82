package dev.mekiki.index.groups;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.mekiki.hashing.group.Content;
import dev.mekiki.hashing.group.GroupMessage;
import dev.mekiki.hashing.group.GroupMessage.Ended;
import dev.mekiki.hashing.group.GroupMessage.Forgotten;
import dev.mekiki.hashing.group.GroupMessage.Gone;
import dev.mekiki.hashing.group.GroupMessage.Join;
import dev.mekiki.hashing.group.GroupMessage.Leave;
import dev.mekiki.hashing.group.GroupMessage.Placed;
import dev.mekiki.hashing.group.GroupMessage.Reported;
import dev.mekiki.hashing.group.GroupMessage.Status;
import dev.mekiki.hashing.group.PairEnd;
import dev.mekiki.hashing.group.ReportedPair;
import dev.mekiki.hashing.group.ReportedPair.Role;
import dev.mekiki.hashing.group.ReportedPair.Side;
import dev.mekiki.index.record.DefectiveRecordException;
import dev.mekiki.index.record.RecordChecks;
import dev.mekiki.schemas.v1.EndedPair;
import dev.mekiki.schemas.v1.GoneMember;
import dev.mekiki.schemas.v1.GroupMessages;
import dev.mekiki.schemas.v1.Match;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Messages between partitions of contents as they are written to their topic.
///
/// @param settings how groups are kept
record SentMessages(GroupSettings settings) {
  /// A message as it is sent.
  static dev.mekiki.schemas.v1.GroupMessage proto(GroupMessage message) {
    var proto =
        dev.mekiki.schemas.v1.GroupMessage.newBuilder().setTo(GroupProtos.proto(message.to()));
    switch (message) {
      case Placed(_, var member) -> proto.setPlaced(GroupProtos.proto(member));
      case Gone(_, var id, var revision, var reason) ->
          proto.setGone(
              GoneMember.newBuilder()
                  .setId(id)
                  .setRevision(GroupProtos.proto(revision))
                  .setReason(GroupProtos.proto(reason)));
      case Reported(_, var pair) -> proto.setReported(match(pair));
      case Status(_, var from, var status) ->
          proto.setFrom(GroupProtos.proto(from)).setStatus(GroupProtos.proto(status));
      case Forgotten(_, var from) -> proto.setFrom(GroupProtos.proto(from)).setForgotten(true);
      case Join(_, var from, var joiner) ->
          proto.setFrom(GroupProtos.proto(from)).setJoin(GroupProtos.proto(joiner));
      case Leave(_, var from) -> proto.setFrom(GroupProtos.proto(from)).setLeave(true);
      case Ended(var at, var eventId, var end) -> proto.setEnded(ended(at, eventId, end));
    }
    return proto.build();
  }

  private static EndedPair.Builder ended(Side at, String eventId, PairEnd end) {
    return EndedPair.newBuilder()
        .setId(at.id())
        .setRevision(GroupProtos.proto(at.revision()))
        .setEventId(eventId)
        .setLaterIsGone(end.role() == Role.LATER)
        .setReason(GroupProtos.proto(end.reason()));
  }

  private static Match match(ReportedPair pair) {
    if (pair instanceof ReportedMatch reported) {
      return reported.match();
    }
    throw new IllegalStateException("pair: %s (expected: one of an event)".formatted(pair));
  }

  /// The messages of a record.
  ///
  /// @throws DefectiveRecordException where the bytes hold none
  static List<dev.mekiki.schemas.v1.GroupMessage> parse(byte @Nullable [] value)
      throws DefectiveRecordException {
    if (value == null) {
      throw new DefectiveRecordException("value", "value: none (expected: GroupMessages)");
    }
    try {
      return GroupMessages.parseFrom(value).getMessagesList();
    } catch (InvalidProtocolBufferException e) {
      throw new DefectiveRecordException(
          "value", "value: %d bytes that are no GroupMessages".formatted(value.length), e);
    }
  }

  /// A message as it was sent.
  ///
  /// @param partition the one that reads it
  /// @throws DefectiveRecordException where it is none for a content of this partition
  GroupMessage message(dev.mekiki.schemas.v1.GroupMessage proto, int partition)
      throws DefectiveRecordException {
    Content to = GroupProtos.content(proto.getTo());
    RecordChecks.range("to", to.partition(settings.partitions()), partition, partition);
    return switch (proto.getWhatCase()) {
      case PLACED -> new Placed(to, GroupProtos.member(proto.getPlaced()));
      case GONE ->
          new Gone(
              to,
              GroupProtos.id(proto.getGone().getId()),
              GroupProtos.revision(proto.getGone().getRevision()),
              GroupProtos.reason(proto.getGone().getReason()));
      case REPORTED -> new Reported(to, ReportedMatch.of(proto.getReported(), settings));
      case STATUS -> new Status(to, from(proto), GroupProtos.status(proto.getStatus()));
      case FORGOTTEN -> new Forgotten(to, from(proto));
      case JOIN -> new Join(to, from(proto), GroupProtos.joiner(proto.getJoin()));
      case LEAVE -> new Leave(to, from(proto));
      case ENDED -> ended(to, proto.getEnded());
      case WHAT_NOT_SET ->
          throw new DefectiveRecordException("what", "what: none (expected: a known message)");
    };
  }

  private static Content from(dev.mekiki.schemas.v1.GroupMessage proto)
      throws DefectiveRecordException {
    return GroupProtos.content(proto.getFrom());
  }

  private static Ended ended(Content to, EndedPair ended) throws DefectiveRecordException {
    return new Ended(
        new Side(to, GroupProtos.id(ended.getId()), GroupProtos.revision(ended.getRevision())),
        ended.getEventId(),
        GroupProtos.end(ended.getLaterIsGone(), ended.getReason()));
  }
}
