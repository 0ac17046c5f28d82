package dev.mekiki.index.groups;

import com.google.protobuf.ByteString;
import dev.mekiki.hashing.group.Age;
import dev.mekiki.hashing.group.Content;
import dev.mekiki.hashing.group.ContentStatus;
import dev.mekiki.hashing.group.Joiner;
import dev.mekiki.hashing.group.Member;
import dev.mekiki.hashing.group.PairEnd;
import dev.mekiki.hashing.group.PairEnd.Reason;
import dev.mekiki.hashing.match.Revision;
import dev.mekiki.hashing.match.Sha256;
import dev.mekiki.index.record.DefectiveRecordException;
import dev.mekiki.index.record.RecordChecks;
import dev.mekiki.runtime.match.Revisions;
import dev.mekiki.schemas.v1.GroupAge;
import dev.mekiki.schemas.v1.GroupContent;
import dev.mekiki.schemas.v1.GroupJoiner;
import dev.mekiki.schemas.v1.GroupStatus;
import dev.mekiki.schemas.v1.PlacedMember;
import dev.mekiki.schemas.v1.Retraction;
import dev.mekiki.schemas.v1.SourceCoordinate;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// The types of `hashing.group` as records hold them, and back, checked. Stateless.
final class GroupProtos {
  private GroupProtos() {}

  static GroupContent proto(Content content) {
    return GroupContent.newBuilder()
        .setTenant(content.tenant())
        .setSha256(ByteString.copyFrom(bytes(content.sha256())))
        .build();
  }

  static byte[] bytes(Sha256 hash) {
    return ByteBuffer.allocate(4 * Long.BYTES)
        .putLong(hash.a())
        .putLong(hash.b())
        .putLong(hash.c())
        .putLong(hash.d())
        .array();
  }

  static Content content(GroupContent content) throws DefectiveRecordException {
    RecordChecks.name("tenant", content.getTenant());
    RecordChecks.sha256(content.getSha256().size());
    return new Content(content.getTenant(), Sha256.of(content.getSha256().toByteArray()));
  }

  static GroupAge proto(Age age) {
    return GroupAge.newBuilder().setTimeMillis(age.timeMillis()).setId(age.id()).build();
  }

  static Age age(GroupAge age) throws DefectiveRecordException {
    return new Age(age.getTimeMillis(), id(age.getId()));
  }

  /// @throws DefectiveRecordException where it is no image id
  static String id(String id) throws DefectiveRecordException {
    return RecordChecks.imageId(id.getBytes(StandardCharsets.UTF_8));
  }

  static SourceCoordinate proto(Revision revision) {
    return SourceCoordinate.newBuilder()
        .setTopic(revision.topic())
        .setPartition(revision.partition())
        .setOffset(revision.offset())
        .build();
  }

  static Revision revision(SourceCoordinate source) throws DefectiveRecordException {
    RecordChecks.source("revision", source);
    return Revisions.of(source);
  }

  static GroupStatus proto(ContentStatus status) {
    GroupStatus.Builder proto = GroupStatus.newBuilder().setRepresentative(status.representative());
    Age age = status.age();
    if (age != null) {
      proto.setAge(proto(age));
    }
    return proto.build();
  }

  static ContentStatus status(GroupStatus status) throws DefectiveRecordException {
    return new ContentStatus(
        status.hasAge() ? age(status.getAge()) : null, status.getRepresentative());
  }

  static GroupJoiner proto(Joiner joiner) {
    return GroupJoiner.newBuilder()
        .setAge(proto(joiner.age()))
        .setImages(joiner.images())
        .addAllFirst(joiner.first().stream().map(GroupProtos::proto).toList())
        .build();
  }

  static Joiner joiner(GroupJoiner joiner) throws DefectiveRecordException {
    RecordChecks.range("images", joiner.getImages(), 1, Long.MAX_VALUE);
    RecordChecks.range("first", joiner.getFirstCount(), 0, Joiner.MAX_FIRST);
    List<Age> first = new ArrayList<>(joiner.getFirstCount());
    for (GroupAge age : joiner.getFirstList()) {
      first.add(age(age));
    }
    return new Joiner(age(joiner.getAge()), joiner.getImages(), first);
  }

  static PlacedMember proto(Member member) {
    return PlacedMember.newBuilder()
        .setId(member.id())
        .setRevision(proto(member.revision()))
        .setTimeMillis(member.timeMillis())
        .build();
  }

  static Member member(PlacedMember member) throws DefectiveRecordException {
    return new Member(id(member.getId()), revision(member.getRevision()), member.getTimeMillis());
  }

  static Retraction.Reason proto(Reason reason) {
    return switch (reason) {
      case DELETED -> Retraction.Reason.DELETED;
      case REPLACED -> Retraction.Reason.REPLACED;
      case EXPIRED -> Retraction.Reason.EXPIRED;
    };
  }

  /// Deleted, where a later version says what this one does not know.
  static Reason reason(Retraction.Reason reason) {
    return switch (reason) {
      case REPLACED -> Reason.REPLACED;
      case EXPIRED -> Reason.EXPIRED;
      case DELETED, REASON_UNSPECIFIED, UNRECOGNIZED -> Reason.DELETED;
    };
  }

  /// The image that is gone, and why.
  static PairEnd end(boolean laterIsGone, Retraction.Reason reason) {
    return new PairEnd(
        laterIsGone
            ? dev.mekiki.hashing.group.ReportedPair.Role.LATER
            : dev.mekiki.hashing.group.ReportedPair.Role.EARLIER,
        reason(reason));
  }
}
