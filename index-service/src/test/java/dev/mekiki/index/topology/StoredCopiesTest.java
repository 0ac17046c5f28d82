package dev.mekiki.index.topology;

import static dev.mekiki.index.topology.CopiesDriver.ELSEWHERE;
import static dev.mekiki.index.topology.CopiesDriver.showing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.mekiki.hashing.policy.DismissedPairs;
import dev.mekiki.hashing.policy.Muted;
import dev.mekiki.hashing.policy.Policies;
import dev.mekiki.index.record.DefectiveRecordException;
import dev.mekiki.schemas.image.ImageId;
import dev.mekiki.schemas.v1.Arrivals;
import dev.mekiki.schemas.v1.CandidatesOfImage;
import dev.mekiki.schemas.v1.CopyCandidate;
import dev.mekiki.schemas.v1.FindCopiesAgainRequest;
import dev.mekiki.schemas.v1.GetArrivalsRequest;
import dev.mekiki.schemas.v1.ImageLandmarks;
import dev.mekiki.schemas.v1.StoredImageLandmarks;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Questions of who looks for copies of stored images again, to a partition that works meanwhile.
class StoredCopiesTest {
  private static final int HERE = 0;
  private static final String A = id("a", HERE);
  private static final String B = id("b", HERE);
  private static final String C = id("c", HERE);
  private static final String OTHER = id("other", ELSEWHERE);

  @TempDir private Path directory;
  private CopiesDriver copies;

  @BeforeEach
  void open() {
    copies = new CopiesDriver(directory, 3);
  }

  @AfterEach
  void close() {
    copies.close();
  }

  @Test
  void eachPairIsFoundOnceAsOneOfItsLaterImageByWhatIsDecidedNow() throws Exception {
    copies.decide(Policies.of(List.of(new Muted.Image(null, B)), new DismissedPairs(), Map.of()));
    ImageLandmarks a = showing(1, "one", 1);
    ImageLandmarks b = showing(1, "two", 2);
    ImageLandmarks c = showing(1, "three", 3);
    copies.arrive(A, a);
    copies.arrive(B, b);
    copies.arrive(C, c);
    List<CopyCandidate> arrived = copies.candidates();
    assertThat(arrived).extracting(CopyCandidate::getFoundId).containsExactly(A);
    assertThat(arrived.getFirst().getDecisions()).isEqualTo(copies.decisions());
    assertThat(found(B, b)).isEmpty();
    assertThat(candidates(C, c).getCandidatesList()).isEqualTo(arrived);

    copies.decide(Policies.NONE);
    assertThat(found(A, a)).isEmpty();
    assertThat(found(B, b)).containsExactly(A);
    assertThat(found(C, c)).containsExactlyInAnyOrder(A, B);
    assertThat(found(OTHER, showing(1, "four", 9))).containsExactlyInAnyOrder(A, B, C);
    assertThat(found(OTHER, showing(1, "four", 0))).isEmpty();
    assertThat(candidates(C, c).getCandidates(0).getDecisions()).isEqualTo(copies.decisions());
    // It changes nothing and emits nothing.
    assertThat(copies.candidates()).isEmpty();
  }

  @Test
  void whatIsNotSettledOrGoneIsLeftOut() throws Exception {
    copies.arrive(A, showing(1, "one", 1));
    copies.arrive(B, showing(2, "two", 2));
    Arrivals settled = arrivals();
    assertThat(settled.getImages()).isEqualTo(2);
    copies.arrive(C, showing(1, "three", 3));
    assertThat(arrivals().getSequence()).isEqualTo(settled.getSequence() + 1);
    assertThat(arrivals().getOpening()).isEqualTo(settled.getOpening());

    assertThat(candidates(C, showing(1, "three", 3), settled.getSequence()).getGone()).isTrue();
    assertThat(candidates(OTHER, showing(1, "four", 9), settled.getSequence()).getCandidatesList())
        .extracting(CopyCandidate::getFoundId)
        .containsExactly(A);
    // Replaced, removed, and never there; what lies elsewhere cannot be said here.
    copies.arrive(B, showing(3, "other", 5));
    assertThat(candidates(B, showing(2, "two", 2)).getGone()).isTrue();
    copies.arrive(A, null);
    assertThat(candidates(A, showing(1, "one", 1)).getGone()).isTrue();
    assertThat(candidates(id("never", HERE), showing(1, "one", 1)).getGone()).isTrue();
    assertThat(candidates(OTHER, showing(1, "four", 9)).getGone()).isFalse();
  }

  @Test
  void sameBytesAgainAreTheRevisionThatEventsSpeakOf() throws Exception {
    copies.arrive(A, showing(1, "one", 1));
    copies.arrive(B, showing(1, "two", 2));
    copies.arrive(B, showing(1, "two", 7));

    CandidatesOfImage found = candidates(B, showing(1, "two", 7));
    assertThat(found.getImage().getRevision().getOffset()).isEqualTo(2);
    assertThat(found.getCandidates(0).getSought().getRevision().getOffset()).isEqualTo(2);
  }

  @Test
  void defectiveRequestIsRefused() {
    FindCopiesAgainRequest request =
        request(
                A,
                showing(1, "one", 1).toBuilder().setSought(ByteString.copyFromUtf8("x")).build(),
                1)
            .build();

    assertThatThrownBy(() -> copies.stored().find(request))
        .isInstanceOf(DefectiveRecordException.class)
        .hasMessageContaining("1 bytes");
  }

  @Test
  void aPartitionThatIsNotActiveHereAnswersNothing() throws Exception {
    assertThat(
            copies
                .stored()
                .arrivals(GetArrivalsRequest.newBuilder().setPartition(ELSEWHERE).build()))
        .isNull();
    assertThat(
            copies
                .stored()
                .find(request(A, showing(1, "one", 1), 1).setPartition(ELSEWHERE).build()))
        .isNull();
  }

  private List<String> found(String id, ImageLandmarks image) throws Exception {
    return candidates(id, image).getCandidatesList().stream()
        .map(CopyCandidate::getFoundId)
        .toList();
  }

  private CandidatesOfImage candidates(String id, ImageLandmarks image) throws Exception {
    return candidates(id, image, Long.MAX_VALUE);
  }

  private CandidatesOfImage candidates(String id, ImageLandmarks image, long settled)
      throws Exception {
    FindCopiesAgainRequest request = request(id, image, settled).build();
    return copies.ask(() -> copies.stored().find(request)).getImages(0);
  }

  private static FindCopiesAgainRequest.Builder request(
      String id, ImageLandmarks image, long settled) {
    return FindCopiesAgainRequest.newBuilder()
        .setPartition(HERE)
        .setSequence(settled)
        .addImages(StoredImageLandmarks.newBuilder().setImageId(id).setLandmarks(image));
  }

  private Arrivals arrivals() throws Exception {
    return copies.ask(
        () -> copies.stored().arrivals(GetArrivalsRequest.newBuilder().setPartition(HERE).build()));
  }

  /// An id that begins like that and lies in a partition.
  private static String id(String prefix, int partition) {
    return IntStream.range(0, 100)
        .mapToObj(number -> prefix + number)
        .filter(id -> new ImageId(id).partition(2) == partition)
        .findFirst()
        .orElseThrow();
  }
}
