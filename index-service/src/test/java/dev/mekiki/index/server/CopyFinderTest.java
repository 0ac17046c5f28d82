package dev.mekiki.index.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.landmark.SoughtLandmarks;
import dev.mekiki.hashing.match.CopyRule;
import dev.mekiki.hashing.match.MatchPolicy;
import dev.mekiki.hashing.match.OriginFilter;
import dev.mekiki.hashing.match.Reach;
import dev.mekiki.hashing.match.Sha256;
import dev.mekiki.hashing.pdq.Fingerprint;
import dev.mekiki.index.World;
import dev.mekiki.index.copies.CopyMetrics;
import dev.mekiki.index.copies.CopySearcher;
import dev.mekiki.index.copies.CopySettings;
import dev.mekiki.index.copies.HostedLandmarks;
import dev.mekiki.index.flood.FloodSettings;
import dev.mekiki.index.metadata.FilterableKeys;
import dev.mekiki.index.partition.HostedPartitions;
import dev.mekiki.index.partition.MatchSettings;
import dev.mekiki.index.partition.PartitionMetrics;
import dev.mekiki.index.partition.StoredMatching;
import dev.mekiki.index.record.LeftOutRecords;
import dev.mekiki.index.standby.StandbyLags;
import dev.mekiki.index.streamsinternals.StartupCheck;
import dev.mekiki.schemas.image.Retention;
import dev.mekiki.schemas.v1.DecidedBy;
import dev.mekiki.schemas.v1.FindCopiesRequest;
import dev.mekiki.schemas.v1.FindCopiesResponse;
import dev.mekiki.schemas.v1.Placement;
import dev.mekiki.schemas.v1.QueryPicture;
import dev.mekiki.schemas.v1.SearchHit;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CopyFinderTest {
  private static final MatchPolicy POLICY = new MatchPolicy(Reach.CODES, 0, 31, null);
  private static final HashCode FINGERPRINT = World.fingerprint(new Random(1));
  private static final ByteString SHA256 = ByteString.copyFrom(new byte[32]);

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final HostedLandmarks hosted =
      new HostedLandmarks(
          World.BITS, new StartupCheck(), new StandbyLags(), new LeftOutRecords(registry));
  private final CopyFinder finder =
      new CopyFinder(
          World.BITS,
          new CopySearcher(
              new CopySettings(POLICY, OriginFilter.DEFAULT, FloodSettings.OFF, 3, 8),
              hosted,
              new CopyMetrics(registry, hosted),
              () -> true,
              1));
  private final FindCopiesRequest good =
      FindCopiesRequest.newBuilder()
          .addPartitions(0)
          .addPartitions(2)
          .setSought(
              ByteString.copyFrom(new byte[SoughtLandmarks.BYTES * SoughtLandmarks.MAX_SIZE]))
          .setHashCode(ByteString.copyFrom(new byte[World.BITS / Byte.SIZE]))
          .setFingerprint(ByteString.copyFrom(FINGERPRINT.toBytes()))
          .setPicture(QueryPicture.newBuilder().setSha256(SHA256).setFingerprintQuality(100))
          .build();

  @Test
  void partitionsThatAreNotOpenHereAreNamed() {
    assertThat(finder.find(good).getNotActiveList()).containsExactly(0, 2);
  }

  @Test
  void requestsThatAreNoneAreRefused() {
    refused(good.toBuilder().addPartitions(3).build(), "partition of landmarks: 3");
    refused(good.toBuilder().addPartitions(-1).build(), "partition of landmarks: -1");
    refused(bytes(good, 47), "sought landmarks: 47 bytes");
    refused(
        bytes(good, SoughtLandmarks.BYTES * (SoughtLandmarks.MAX_SIZE + 1)),
        "sought landmarks: 145");
    refused(good.toBuilder().clearHashCode().build(), "hash_code: 0 bytes");
    refused(good.toBuilder().setFingerprint(SHA256.substring(1)).build(), "fingerprint: 31 bytes");
    refused(good.toBuilder().clearPicture().build(), "sha256: 0 bytes");
    refused(
        good.toBuilder()
            .setPicture(good.getPicture().toBuilder().setFingerprintQuality(101))
            .build(),
        "fingerprint_quality: 101");
  }

  @Test
  void whereCopiesAreNotLookedForTheCallIsRefused() {
    World world = World.random(new Random(7), 4, 2);
    HostedPartitions partitions =
        new HostedPartitions(
            world.geometry(), FilterableKeys.of(List.of()), new LeftOutRecords(registry));
    IndexEndpoint endpoint =
        new IndexEndpoint(
            world.geometry(),
            FilterableKeys.of(List.of()),
            new PartitionSearcher(
                world.geometry(),
                partitions,
                new PartitionMetrics(registry, partitions),
                () -> true),
            new RoutingWatch(
                world.geometry().id(),
                1,
                "codes",
                "placements",
                new RoutingWatch.OptionalTopic("landmarks", 0),
                new RoutingWatch.OptionalTopic("group-messages", 0)),
            new MatchSettings(POLICY, 100),
            null,
            new RematchFinder(
                new StoredMatching(
                    world.geometry(),
                    new MatchSettings(POLICY, 100),
                    OriginFilter.DEFAULT,
                    partitions,
                    Retention.NONE,
                    InstantSource.system()),
                null,
                (_, _, _) -> true,
                new RematchFinder.Names(
                    "index", "placements", "probes", "reported", "landmark-probes"),
                new RematchFinder.Noted(true, true)));
    CompletableFuture<FindCopiesResponse> answer = new CompletableFuture<>();
    endpoint.findCopies(
        good.toBuilder().setGeneration(world.geometry().id()).build(),
        new StreamObserver<>() {
          @Override
          public void onNext(FindCopiesResponse response) {
            answer.complete(response);
          }

          @Override
          public void onError(Throwable refusal) {
            answer.completeExceptionally(refusal);
          }

          @Override
          public void onCompleted() {}
        });

    assertThatThrownBy(answer::join)
        .hasMessageContaining("FAILED_PRECONDITION")
        .hasMessageContaining("mekiki.match.copies=on");
  }

  @Test
  void hitsAreMarkedByBytesAndFingerprintsWhateverTheReach() {
    CopyMarks marks =
        new CopyMarks(
            new CopyRule(POLICY),
            new CopyRule.Picture(
                new Fingerprint(FINGERPRINT, 100), Sha256.of(SHA256.toByteArray())));
    Placement same = Placement.newBuilder().setSha256(SHA256).setFingerprint(flipped(200)).build();
    ByteString other = ByteString.copyFrom(new byte[] {1}).concat(SHA256.substring(1));

    assertThat(marked(marks, same)).isEqualTo(DecidedBy.BYTES);
    assertThat(marked(marks, placement(other, 31, 50))).isEqualTo(DecidedBy.FINGERPRINT);
    assertThat(marked(marks, placement(other, 32, 50))).isNull();
    assertThat(marked(marks, placement(other, 0, 49))).isNull();
  }

  private static Placement placement(ByteString sha256, int distance, int quality) {
    return Placement.newBuilder()
        .setSha256(sha256)
        .setFingerprint(flipped(distance))
        .setFingerprintQuality(quality)
        .build();
  }

  private static @Nullable DecidedBy marked(CopyMarks marks, Placement placement) {
    SearchHit.Builder hit = SearchHit.newBuilder();
    marks.mark(hit, placement);
    return hit.hasCopyBy() ? hit.getCopyBy() : null;
  }

  /// The fingerprint with its first bits changed.
  private static ByteString flipped(int bits) {
    byte[] bytes = FINGERPRINT.toBytes();
    for (int bit = 0; bit < bits; bit++) {
      bytes[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
    }
    return ByteString.copyFrom(bytes);
  }

  private static FindCopiesRequest bytes(FindCopiesRequest request, int bytes) {
    return request.toBuilder().setSought(ByteString.copyFrom(new byte[bytes])).build();
  }

  private void refused(FindCopiesRequest request, String named) {
    assertThatThrownBy(() -> finder.find(request))
        .satisfies(refusal ->
            assertThat(Status.fromThrowable(refusal).getCode())
                .isEqualTo(Status.Code.INVALID_ARGUMENT))
        .hasMessageContaining(named);
  }
}
