package dev.mekiki.encoder.verify;

import static dev.mekiki.encoder.verify.CopyVerifierTest.HEIGHT;
import static dev.mekiki.encoder.verify.CopyVerifierTest.WIDTH;
import static dev.mekiki.encoder.verify.CopyVerifierTest.proposal;
import static dev.mekiki.encoder.verify.CopyVerifierTest.scene;
import static dev.mekiki.encoder.verify.CopyVerifierTest.thumbnail;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.protobuf.ByteString;
import dev.mekiki.schemas.image.Retention;
import dev.mekiki.schemas.search.SearchLimits;
import dev.mekiki.schemas.v1.AlignCandidate;
import dev.mekiki.schemas.v1.AlignPairRequest;
import dev.mekiki.schemas.v1.AlignRequest;
import dev.mekiki.schemas.v1.AlignedCandidate;
import dev.mekiki.schemas.v1.AlignedCandidate.Result;
import dev.mekiki.schemas.v1.AlignedThumbnail;
import dev.mekiki.schemas.v1.CopyImage;
import dev.mekiki.schemas.v1.CopyProposal;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import javax.imageio.ImageIO;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class QueryAlignmentTest {
  private static final String NETWORK = "ab".repeat(32);
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final int LEFT = 60;
  private static final int TOP = 45;
  private static final int PART_WIDTH = 280;
  private static final int PART_HEIGHT = 210;

  private final Map<String, ByteString> thumbnails = new HashMap<>();
  private final CountDownLatch slow = new CountDownLatch(1);
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final QueryAlignment alignment =
      new QueryAlignment(
          NETWORK,
          (id, _, _) -> read(id),
          () -> {},
          2,
          new VerifySettings(true, false, Retention.NONE),
          registry);
  private AlignRequest part = AlignRequest.getDefaultInstance();

  private @Nullable ByteString read(String id) throws InterruptedException {
    if (id.equals("slow")) {
      slow.await();
    }
    if (id.equals("away")) {
      throw new TimeoutException("no broker answers");
    }
    return thumbnails.get(id);
  }

  @BeforeEach
  void draw() throws IOException {
    BufferedImage original = scene(1);
    thumbnails.put("original", thumbnail(original));
    thumbnails.put("other", thumbnail(scene(2)));
    thumbnails.put("damaged", ByteString.copyFromUtf8("no picture"));
    part =
        AlignRequest.newBuilder()
            .setNetwork(NETWORK)
            .setThumbnail(thumbnail(original.getSubimage(LEFT, TOP, PART_WIDTH, PART_HEIGHT)))
            .setWidth(PART_WIDTH)
            .setHeight(PART_HEIGHT)
            .build();
  }

  @AfterEach
  void close() {
    slow.countDown();
    alignment.close();
  }

  @Test
  void eachCandidateIsAnsweredInItsPlace() {
    List<AlignedCandidate> answers = align(part, "other", "original", "gone", "damaged", "away");

    assertThat(answers)
        .extracting(AlignedCandidate::getResult)
        .containsExactly(
            Result.NEITHER, Result.COPY, Result.GONE, Result.GONE, Result.NOT_VERIFIED);
    AlignedCandidate copy = answers.get(1);
    assertThat(copy.getAlignment().getScale()).isCloseTo(1, within(0.02));
    assertThat(copy.getAlignment().getOverlapOfLater()).isGreaterThan(97);
    assertThat(copy.getAlignment().getOverlapOfEarlier()).isCloseTo(49, within(2.0));
    assertThat(copy.getExplanation())
        .matches("\\d+ % of the picture searched for is seen in this one and covers \\d+ % of it");
    assertThat(answers.getFirst().hasAlignment()).isFalse();
    assertThat(registry.get("mekiki.encoder.align.candidates").tag("result", "COPY").counter())
        .satisfies(counter -> assertThat(counter.count()).isOne());
  }

  @Test
  void anIndexedImageMayHaveAnyId() {
    thumbnails.put("query", thumbnails.get("other"));

    assertThat(align(part, "query"))
        .extracting(AlignedCandidate::getResult)
        .containsExactly(Result.NEITHER);
  }

  @Test
  void whatTakesTooLongIsNotVerified() {
    AlignRequest request = with(part, "original", "slow", "slow", "slow");

    assertThat(alignment.align(request, Duration.ofSeconds(3)).join().getCandidatesList())
        .extracting(AlignedCandidate::getResult)
        .containsExactly(
            Result.COPY, Result.NOT_VERIFIED, Result.NOT_VERIFIED, Result.NOT_VERIFIED);
  }

  @Test
  void requestAtFaultIsRefused() throws IOException {
    AlignRequest good = with(part, "original");

    refused(good.toBuilder().setNetwork("../x").build(), "network");
    refused(good.toBuilder().setWidth(0).build(), "size: 0 x 210");
    refused(good.toBuilder().clearThumbnail().build(), "thumbnail: image: 0 bytes");
    refused(
        good.toBuilder().setThumbnail(ByteString.copyFromUtf8("no picture")).build(), "thumbnail");
    refused(
        good.toBuilder().setThumbnail(ByteString.copyFrom(new byte[2 << 20])).build(),
        "2097152 bytes");
    refused(good.toBuilder().setThumbnail(pixels(3_000, 2_000)).build(), "6000000 pixels");
    refused(
        good.toBuilder()
            .addAllCandidates(Collections.nCopies(SearchLimits.MAX_ALIGNED, good.getCandidates(0)))
            .build(),
        "candidates: 257");
    AlignCandidate candidate = good.getCandidates(0);
    refused(replaced(good, candidate.toBuilder().clearImageId()), "image id");
    refused(replaced(good, candidate.toBuilder().clearProposals()), "proposals: 0");
    refused(
        replaced(good, candidate.toBuilder().setProposals(0, CopyProposal.newBuilder().addMap(1))),
        "map");
    refused(
        replaced(good, candidate.toBuilder().setProposals(0, proposal(Double.NaN, 0, 0))), "map");
  }

  @Test
  void mapThatMakesALineCostsNobodyElseHisAnswer() {
    AlignRequest.Builder request = with(part, "original", "original").toBuilder();
    request.getCandidatesBuilder(0).setProposals(0, proposal(0, 0, 0));

    assertThat(alignment.align(request.build(), LIMIT).join().getCandidatesList())
        .extracting(AlignedCandidate::getResult)
        .last()
        .isEqualTo(Result.COPY);
  }

  @Test
  void pairIsAlignedWhicheverOfTheTwoShowsMore() {
    AlignedThumbnail whole = picture(thumbnails.get("original"), WIDTH, HEIGHT);
    AlignedThumbnail cut = picture(part.getThumbnail(), PART_WIDTH, PART_HEIGHT);

    AlignedCandidate cutFirst = alignPair(cut, whole);
    assertThat(cutFirst.getResult()).isEqualTo(Result.COPY);
    assertThat(cutFirst.getAlignment().getOverlapOfLater()).isGreaterThan(95);
    assertThat(cutFirst.getAlignment().getOverlapOfEarlier()).isCloseTo(49, within(3.0));
    assertThat(cutFirst.getExplanation()).contains("of the first picture");

    AlignedCandidate wholeFirst = alignPair(whole, cut);
    assertThat(wholeFirst.getResult()).isEqualTo(Result.COPY);
    assertThat(wholeFirst.getAlignment().getOverlapOfLater()).isCloseTo(49, within(3.0));
    assertThat(wholeFirst.getAlignment().getOverlapOfEarlier()).isGreaterThan(95);

    assertThat(alignPair(whole, whole).getResult()).isEqualTo(Result.COPY);
    assertThat(alignPair(whole, picture(thumbnails.get("other"), WIDTH, HEIGHT)))
        .isEqualTo(AlignedCandidate.newBuilder().setResult(Result.NEITHER).build());
  }

  @Test
  void pairAtFaultIsRefused() {
    AlignedThumbnail whole = picture(thumbnails.get("original"), WIDTH, HEIGHT);

    assertThatThrownBy(() -> alignPair(whole, picture(thumbnails.get("damaged"), 1, 1)))
        .hasCauseInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("thumbnail of the second picture");
    assertThatThrownBy(() -> alignPair(picture(whole.getThumbnail(), 0, 7), whole))
        .hasCauseInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("size of the first picture: 0 x 7");
  }

  private AlignedCandidate alignPair(AlignedThumbnail first, AlignedThumbnail second) {
    return alignment
        .alignPair(AlignPairRequest.newBuilder().setFirst(first).setSecond(second).build(), LIMIT)
        .join();
  }

  private static AlignedThumbnail picture(@Nullable ByteString thumbnail, int width, int height) {
    return AlignedThumbnail.newBuilder()
        .setThumbnail(Objects.requireNonNull(thumbnail))
        .setWidth(width)
        .setHeight(height)
        .build();
  }

  private List<AlignedCandidate> align(AlignRequest request, String... ids) {
    return alignment.align(with(request, ids), LIMIT).join().getCandidatesList();
  }

  private static AlignRequest with(AlignRequest request, String... ids) {
    double scale = (double) PART_WIDTH / WIDTH;
    double toOriginal = 256.0 / WIDTH;
    AlignRequest.Builder with = request.toBuilder();
    for (String id : ids) {
      with.addCandidates(
          AlignCandidate.newBuilder()
              .setImageId(id)
              .setImage(CopyImage.newBuilder().setWidth(WIDTH).setHeight(HEIGHT))
              .addProposals(proposal(scale, LEFT * toOriginal + 2, TOP * toOriginal - 2)));
    }
    return with.build();
  }

  private static AlignRequest replaced(AlignRequest request, AlignCandidate.Builder candidate) {
    return request.toBuilder().setCandidates(0, candidate).build();
  }

  private void refused(AlignRequest request, String named) {
    assertThatThrownBy(() -> alignment.align(request, LIMIT).join())
        .hasCauseInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(named);
  }

  private static ByteString pixels(int width, int height) throws IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    ImageIO.write(new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB), "jpg", file);
    return ByteString.copyFrom(file.toByteArray());
  }
}
