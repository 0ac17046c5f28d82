package dev.mekiki.encoder.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import dev.mekiki.encoder.verify.CopyVerifier.Outcome;
import dev.mekiki.schemas.image.Retention;
import dev.mekiki.schemas.v1.Alignment;
import dev.mekiki.schemas.v1.CopyCandidate;
import dev.mekiki.schemas.v1.CopyImage;
import dev.mekiki.schemas.v1.CopyProposal;
import dev.mekiki.schemas.v1.DecidedBy;
import dev.mekiki.schemas.v1.Match;
import dev.mekiki.schemas.v1.MatchKind;
import dev.mekiki.schemas.v1.SourceCoordinate;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CopyVerifierTest {
  static final int WIDTH = 400;
  static final int HEIGHT = 300;
  private static final int THUMBNAIL_SIDE = 192;

  // The part of the original that the copy shows.
  private static final int LEFT = 60;
  private static final int TOP = 45;
  private static final int PART_WIDTH = 280;
  private static final int PART_HEIGHT = 210;

  private final Map<String, ByteString> thumbnails = new HashMap<>();
  private final CopyVerifier verifier =
      new CopyVerifier(
          (id, _, _) -> thumbnails.get(id),
          new VerifySettings(false, false, Retention.NONE),
          InstantSource.fixed(Instant.ofEpochMilli(9_000)));

  @BeforeEach
  void draw() throws IOException {
    BufferedImage original = scene(1);
    thumbnails.put("original", thumbnail(original));
    thumbnails.put("part", thumbnail(original.getSubimage(LEFT, TOP, PART_WIDTH, PART_HEIGHT)));
    thumbnails.put("other", thumbnail(scene(2)));
  }

  @Test
  void partOfAPictureIsACopy() throws Exception {
    Match match = copies(partOfOriginal("original", true));

    assertThat(match.getKind()).isEqualTo(MatchKind.DUPLICATE);
    assertThat(match.getDecidedBy()).isEqualTo(DecidedBy.ALIGNMENT);
    assertThat(match.getLater().getId()).isEqualTo("part");
    assertThat(match.getEarlier().getId()).isEqualTo("original");
    assertThat(Timestamps.toMillis(match.getMatchTime())).isEqualTo(9_000);
    Alignment alignment = match.getAlignment();
    assertThat(alignment.getScale()).isCloseTo(1, within(0.02));
    assertThat(alignment.getRotation()).isCloseTo(0, within(0.5));
    assertThat(alignment.getOverlapOfLater()).isGreaterThan(97);
    assertThat(alignment.getOverlapOfEarlier()).isCloseTo(49, within(2.0));
    assertThat(alignment.getInLater().getRight()).isCloseTo(1, within(0.01));
    assertThat(alignment.getInEarlier().getLeft()).isCloseTo((double) LEFT / WIDTH, within(0.01));
    assertThat(alignment.getInEarlier().getBottom())
        .isCloseTo((double) (TOP + PART_HEIGHT) / HEIGHT, within(0.01));
    assertThat(alignment.getEvidence().getVotes()).isEqualTo(7);
    assertThat(match.getExplanation())
        .matches("\\d+ % of the later picture is seen in the earlier one and covers \\d+ % of it");
  }

  @Test
  void alignmentLeadsFromTheLaterPictureWhicheverWasSought() throws Exception {
    Alignment alignment = copies(partOfOriginal("original", false)).getAlignment();

    // The part came first.
    assertThat(alignment.getOverlapOfLater()).isCloseTo(49, within(2.0));
    assertThat(alignment.getOverlapOfEarlier()).isGreaterThan(97);
    assertThat(alignment.getInLater().getTop()).isCloseTo((double) TOP / HEIGHT, within(0.01));
    assertThat(alignment.getInEarlier().getTop()).isCloseTo(0, within(0.01));
  }

  @Test
  void eventIdsDoNotDependOnWhichWasSought() throws Exception {
    CopyCandidate one = partOfOriginal("original", true);
    CopyCandidate swapped =
        one.toBuilder()
            .setSoughtId(one.getFoundId())
            .setSought(one.getFound())
            .setFoundId(one.getSoughtId())
            .setFound(one.getSought())
            .setSoughtIsLater(false)
            .clearProposals()
            .addProposals(
                proposal(1 / scale(), -LEFT * 256.0 / PART_WIDTH, -TOP * 256.0 / PART_WIDTH))
            .build();

    assertThat(copies(swapped).getEventId()).isEqualTo(copies(one).getEventId());
    assertThat(copies(swapped).getLater().getId()).isEqualTo("part");
  }

  @Test
  void anotherPictureIsNoCopy() throws Exception {
    assertThat(verifier.verify(Candidate.parse(partOfOriginal("other", true).toByteArray())))
        .isEqualTo(new Outcome.Nothing());
  }

  @Test
  void sharedElementIsReportedWhereItIsWanted() throws Exception {
    BufferedImage logo = scene(9).getSubimage(0, 0, 230, 180);
    BufferedImage one = scene(3);
    BufferedImage other = scene(4);
    for (BufferedImage picture : List.of(one, other)) {
      Graphics2D canvas = picture.createGraphics();
      canvas.drawImage(logo, 160, 110, null);
      canvas.dispose();
    }
    thumbnails.put("part", thumbnail(one));
    thumbnails.put("original", thumbnail(other));
    Candidate candidate =
        Candidate.parse(
            partOfOriginal("original", true).toBuilder()
                .setSought(image(WIDTH, HEIGHT, 2))
                .clearProposals()
                .addProposals(proposal(1, 1, -1))
                .build()
                .toByteArray());
    CopyVerifier reporting =
        new CopyVerifier(
            (id, _, _) -> thumbnails.get(id),
            new VerifySettings(true, false, Retention.NONE),
            InstantSource.system());

    assertThat(verifier.verify(candidate)).isEqualTo(new Outcome.Nothing());
    assertThat(reporting.verify(candidate))
        .isInstanceOfSatisfying(
            Outcome.Found.class,
            found -> assertThat(found.match().getKind()).isEqualTo(MatchKind.SHARES_ELEMENT));
  }

  @Test
  void secondPhotoOfASceneIsReportedUnlessOneIsStrict() throws Exception {
    // What is nearer has moved by two pixels of the thumbnail.
    BufferedImage nearer = scene(6).getSubimage(0, 0, 220, 170);
    thumbnails.put("original", thumbnail(with(scene(5), nearer, 90, 60)));
    thumbnails.put("part", thumbnail(with(scene(5), nearer, 93, 62)));
    Candidate candidate =
        Candidate.parse(
            partOfOriginal("original", true).toBuilder()
                .setSought(image(WIDTH, HEIGHT, 2))
                .clearProposals()
                .addProposals(proposal(1, 1, -1))
                .build()
                .toByteArray());

    assertThat(verifier.verify(candidate)).isInstanceOf(Outcome.Found.class);
    assertThat(strict(false).verify(candidate)).isEqualTo(new Outcome.Reshot());
    assertThat(strict(true).verify(candidate))
        .isInstanceOfSatisfying(
            Outcome.Found.class,
            found -> assertThat(found.match().getKind()).isEqualTo(MatchKind.SHARES_ELEMENT));
  }

  @Test
  void copiesAreReportedAlsoIfOneIsStrict() throws Exception {
    Candidate candidate = Candidate.parse(partOfOriginal("original", true).toByteArray());

    assertThat(strict(false).verify(candidate))
        .isInstanceOfSatisfying(
            Outcome.Found.class,
            found -> assertThat(found.match().getKind()).isEqualTo(MatchKind.DUPLICATE));
  }

  @Test
  void pairWithAnImageThatHasEndedIsNotReported() throws Exception {
    CopyCandidate pair = partOfOriginal("original", true);
    assertThat(verifier.verify(Candidate.of(pair))).isInstanceOf(Outcome.Found.class);

    Timestamp now = Timestamps.fromMillis(9_000);
    for (CopyCandidate expired :
        List.of(
            pair.toBuilder().setSought(pair.getSought().toBuilder().setExpireTime(now)).build(),
            pair.toBuilder().setFound(pair.getFound().toBuilder().setExpireTime(now)).build())) {
      assertThat(verifier.verify(Candidate.of(expired))).isEqualTo(new Outcome.Expired());
    }

    CopyVerifier keeping =
        new CopyVerifier(
            (id, _, _) -> thumbnails.get(id),
            new VerifySettings(false, false, new Retention(Duration.ofSeconds(8))),
            InstantSource.fixed(Instant.ofEpochMilli(9_000)));
    assertThat(keeping.verify(Candidate.of(pair))).isEqualTo(new Outcome.Expired());
    // Both were sent again, not long ago.
    Timestamp renewed = Timestamps.fromMillis(1_001);
    CopyCandidate sentAgain =
        pair.toBuilder()
            .setSought(pair.getSought().toBuilder().setRenewedTime(renewed))
            .setFound(pair.getFound().toBuilder().setRenewedTime(renewed))
            .build();
    assertThat(keeping.verify(Candidate.of(sentAgain))).isInstanceOf(Outcome.Found.class);
  }

  private CopyVerifier strict(boolean sharedElements) {
    return new CopyVerifier(
        (id, _, _) -> thumbnails.get(id),
        new VerifySettings(sharedElements, true, Retention.NONE),
        InstantSource.system());
  }

  private static BufferedImage with(BufferedImage scene, BufferedImage thing, int x, int y) {
    Graphics2D canvas = scene.createGraphics();
    canvas.drawImage(thing, x, y, null);
    canvas.dispose();
    return scene;
  }

  @Test
  void furtherProposalsAreTried() throws Exception {
    CopyCandidate right = partOfOriginal("original", true);
    CopyCandidate wrongFirst =
        right.toBuilder()
            .clearProposals()
            .addProposals(proposal(1.9, -80, 70))
            .addProposals(right.getProposals(0))
            .build();

    assertThat(copies(wrongFirst).getAlignment().getScale()).isCloseTo(1, within(0.02));
  }

  @Test
  void picturesThatAreGoneOrUndecodableMakeNoEvent() throws Exception {
    Candidate candidate = Candidate.parse(partOfOriginal("original", true).toByteArray());

    thumbnails.put("original", ByteString.copyFromUtf8("no picture"));
    assertThat(verifier.verify(candidate)).isEqualTo(new Outcome.Undecodable());
    thumbnails.remove("original");
    assertThat(verifier.verify(candidate)).isEqualTo(new Outcome.Gone());
  }

  @Test
  void defectiveCandidatesAreNamed() {
    CopyCandidate good = partOfOriginal("original", true);

    refused(good.toBuilder().clearSoughtId().build(), "image id");
    refused(good.toBuilder().setNetwork("../x").build(), "id:");
    refused(good.toBuilder().setCenterLabel("x".repeat(2_000)).build(), "center_label");
    refused(good.toBuilder().setFoundId("x".repeat(2_000)).build(), "image id");
    refused(good.toBuilder().clearProposals().build(), "proposals: 0");
    refused(
        good.toBuilder()
            .addAllProposals(List.of(good.getProposals(0), good.getProposals(0)))
            .addAllProposals(List.of(good.getProposals(0), good.getProposals(0)))
            .build(),
        "proposals: 5");
    refused(good.toBuilder().setProposals(0, CopyProposal.newBuilder().addMap(1)).build(), "map");
    refused(good.toBuilder().setProposals(0, proposal(Double.NaN, 0, 0)).build(), "map");
    refused(
        good.toBuilder()
            .setSought(
                good.getSought().toBuilder()
                    .setImageTime(Timestamps.fromSeconds(0).toBuilder().setNanos(-1)))
            .build(),
        "time");
    assertThatThrownBy(() -> Candidate.parse(null)).hasMessageContaining("none");
    assertThatThrownBy(() -> Candidate.parse(new byte[] {1, 2, 3})).hasMessageContaining("3 bytes");
  }

  private static void refused(CopyCandidate candidate, String named) {
    assertThatThrownBy(() -> Candidate.parse(candidate.toByteArray()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(named);
  }

  private Match copies(CopyCandidate candidate) throws InterruptedException {
    Outcome outcome = verifier.verify(Candidate.parse(candidate.toByteArray()));
    assertThat(outcome).isInstanceOf(Outcome.Found.class);
    return ((Outcome.Found) outcome).match();
  }

  /// From the part to the original, both at 256 pixels.
  private static double scale() {
    return (double) PART_WIDTH / WIDTH;
  }

  private static CopyCandidate partOfOriginal(String found, boolean partIsLater) {
    double toOriginal = 256.0 / WIDTH;
    return CopyCandidate.newBuilder()
        .setNetwork("0123456789abcdef")
        .setGeneration("fedcba9876543210")
        .setSoughtId("part")
        .setSought(image(PART_WIDTH, PART_HEIGHT, 2))
        .setFoundId(found)
        .setFound(image(WIDTH, HEIGHT, 1))
        .setSoughtIsLater(partIsLater)
        // Two pixels off, as votes may be.
        .addProposals(proposal(scale(), LEFT * toOriginal + 2, TOP * toOriginal - 2))
        .build();
  }

  static CopyProposal proposal(double scale, double tx, double ty) {
    return CopyProposal.newBuilder()
        .addAllMap(List.of(scale, 0.0, tx, 0.0, scale, ty))
        .setVotes(7)
        .build();
  }

  private static CopyImage image(int width, int height, long offset) {
    return CopyImage.newBuilder()
        .setRevision(SourceCoordinate.newBuilder().setTopic("images").setOffset(offset))
        .setWidth(width)
        .setHeight(height)
        .build();
  }

  static BufferedImage scene(long seed) {
    Random random = new Random(seed);
    BufferedImage scene = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
    Graphics2D canvas = scene.createGraphics();
    canvas.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    for (int i = 0; i < 200; i++) {
      double size = Math.pow(2, 3 + 3.5 * random.nextDouble());
      canvas.setColor(new Color(random.nextInt(1 << 24)));
      canvas.fill(
          new Ellipse2D.Double(
              random.nextInt(WIDTH) - size / 2,
              random.nextInt(HEIGHT) - size / 2,
              size,
              size * (0.3 + random.nextDouble())));
    }
    canvas.dispose();
    return scene;
  }

  static ByteString thumbnail(BufferedImage picture) throws IOException {
    double scale = (double) THUMBNAIL_SIDE / Math.max(picture.getWidth(), picture.getHeight());
    BufferedImage small =
        new BufferedImage(
            (int) Math.round(picture.getWidth() * scale),
            (int) Math.round(picture.getHeight() * scale),
            BufferedImage.TYPE_INT_RGB);
    Graphics2D canvas = small.createGraphics();
    canvas.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
    canvas.drawImage(picture, AffineTransform.getScaleInstance(scale, scale), null);
    canvas.dispose();
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    ImageIO.write(small, "jpg", file);
    return ByteString.copyFrom(file.toByteArray());
  }
}
