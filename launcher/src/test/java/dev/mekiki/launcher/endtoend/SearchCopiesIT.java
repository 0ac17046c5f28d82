package dev.mekiki.launcher.endtoend;

import static dev.mekiki.launcher.endtoend.TestPictures.file;
import static dev.mekiki.launcher.endtoend.TestPictures.picture;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.mekiki.client.MekikiException;
import dev.mekiki.launcher.command.MekikiCommand;
import dev.mekiki.schemas.v1.CompareRequest;
import dev.mekiki.schemas.v1.CompareResponse;
import dev.mekiki.schemas.v1.CopyHit;
import dev.mekiki.schemas.v1.DecidedBy;
import dev.mekiki.schemas.v1.MatchKind;
import dev.mekiki.schemas.v1.SearchHit;
import dev.mekiki.schemas.v1.SearchRequest;
import dev.mekiki.schemas.v1.SearchResponse;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/// Searches by picture that find copies, through the whole of Mekiki.
@EnabledIfSystemProperty(
    named = "mekiki.tests.long",
    matches = "true",
    disabledReason = "takes half a minute; run with -Dmekiki.tests.long=true")
class SearchCopiesIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final int PHOTOS = 12;

  @TempDir private Path data;

  @Test
  void copiesOfAPictureComeFirstWithTheirAlignment() throws Exception {
    List<byte[]> photos = photos(0, PHOTOS + 1);
    byte[] unknown = photos.removeLast();
    try (InProcess mekiki =
        new InProcess(
            data,
            Map.of(
                "mekiki.match.copies", "on",
                "mekiki.topics.landmark-partitions", "2",
                "mekiki.index.filterable-metadata", "lane"))) {
      index(mekiki, photos);
      BufferedImage photo = picture(photos.get(3));
      int width = photo.getWidth();
      int height = photo.getHeight();

      // Its landmarks come a moment after its code.
      byte[] crop = file(photo.getSubimage(width / 8, height / 8, width * 3 / 4, height * 3 / 4));
      SearchResponse found = awaitCopy(mekiki, request(crop).build(), "photo-3");
      CopyHit hit = found.getCopies(0);
      assertThat(found.getCopiesList()).hasSize(1);
      assertThat(hit.getKind()).isEqualTo(MatchKind.DUPLICATE);
      assertThat(hit.getDecidedBy()).isEqualTo(DecidedBy.ALIGNMENT);
      assertThat(hit.getAlignment().getScale()).isCloseTo(1, within(0.06));
      assertThat(hit.getAlignment().getRotation()).isCloseTo(0, within(2.0));
      assertThat(hit.getAlignment().getMirrored()).isFalse();
      assertThat(hit.getAlignment().getOverlapOfLater()).isGreaterThan(90);
      assertThat(hit.getAlignment().getOverlapOfEarlier()).isBetween(45.0, 68.0);
      assertThat(hit.getAlignment().getInEarlier().getLeft()).isCloseTo(0.125, within(0.04));
      assertThat(hit.getExplanation())
          .contains("% of the picture searched for is seen in this one");
      assertThat(hit.getRevision().getTopic()).isEqualTo("mekiki.images");
      assertThat(found.getComplete()).isTrue();
      assertThat(found.getCopySearch().getComplete()).isTrue();
      assertThat(found.getCopySearch().getReason()).isEmpty();
      assertThat(found.getCopySearch().getUnverified()).isZero();

      CopyHit mirrored = only(mekiki, file(mirrored(picture(photos.get(5)))), "photo-5");
      assertThat(mirrored.getAlignment().getMirrored()).isTrue();
      CopyHit captioned = only(mekiki, file(captioned(picture(photos.get(7)))), "photo-7");
      assertThat(captioned.getDecidedBy()).isEqualTo(DecidedBy.ALIGNMENT);

      bytesAndFingerprintsDecide(mekiki, photos.get(2));
      SearchResponse none = mekiki.api().search(request(unknown).setK(PHOTOS).build());
      assertThat(none.getCopiesList()).isEmpty();
      assertThat(none.getHitsCount()).isEqualTo(PHOTOS);
      assertThat(none.getHitsList()).noneMatch(SearchHit::hasCopyBy);

      pairsAreExplained(mekiki, crop);
      filterAndSwitchAreObeyed(mekiki, crop);
      commandPrintsCopiesFirst(mekiki, crop);

      mekiki.api().delete("photo-3");
      await()
          .atMost(LIMIT)
          .until(() -> mekiki.api().search(request(crop).build()).getCopiesCount() == 0);
    }
  }

  private void pairsAreExplained(InProcess mekiki, byte[] crop) throws IOException {
    CompareResponse copy =
        mekiki
            .api()
            .compare(
                CompareRequest.newBuilder()
                    .setImageA(ByteString.copyFrom(crop))
                    .setB("photo-3")
                    .build());
    assertThat(copy.getKind()).isEqualTo(MatchKind.DUPLICATE);
    assertThat(copy.getDecidedBy()).isEqualTo(DecidedBy.ALIGNMENT);
    assertThat(copy.getAlignment().getOverlapOfLater()).isGreaterThan(90);
    assertThat(copy.getEmits()).isTrue();

    CompareResponse others =
        mekiki.api().compare(CompareRequest.newBuilder().setA("photo-3").setB("photo-5").build());
    assertThat(others.getKind()).isEqualTo(MatchKind.MATCH_KIND_UNSPECIFIED);
    assertThat(others.getExplanation()).matches("no match: fingerprints differ in \\d+ of 256 .*");
    assertThat(others.getAlignmentExplanation()).contains("neither picture");
    assertThat(others.getB().getId()).isEqualTo("photo-5");

    Path file = Files.write(data.resolve("compared.jpg"), crop);
    StringWriter output = new StringWriter();
    int status = run(mekiki, output, "compare", file.toString(), "photo-3");
    assertThat(output.toString())
        .contains("DUPLICATE: ", "alignment: ", "% of the first picture", "codes in ");
    assertThat(status).isZero();
    assertThat(run(mekiki, output, "compare", "photo-3", "nobody")).isNotZero();
  }

  private static void bytesAndFingerprintsDecide(InProcess mekiki, byte[] photo)
      throws IOException {
    // The same bytes: a copy, and still a hit.
    SearchResponse same = mekiki.api().search(request(photo).build());
    assertThat(same.getCopies(0).getImageId()).isEqualTo("photo-2");
    assertThat(same.getCopies(0).getKind()).isEqualTo(MatchKind.EXACT);
    assertThat(same.getCopies(0).getDecidedBy()).isEqualTo(DecidedBy.BYTES);
    assertThat(same.getHits(0).getImageId()).isEqualTo("photo-2");
    assertThat(same.getHits(0).getCopyBy()).isEqualTo(DecidedBy.BYTES);
    // Re-encoded: within the fingerprint's radius.
    CopyHit encodedAgain = only(mekiki, file(picture(photo)), "photo-2");
    assertThat(encodedAgain.getDecidedBy()).isEqualTo(DecidedBy.FINGERPRINT);
    assertThat(encodedAgain.getExplanation()).matches("fingerprints differ in \\d+ of 256 bits");
  }

  private void commandPrintsCopiesFirst(InProcess mekiki, byte[] crop) throws IOException {
    Path file = Files.write(data.resolve("crop.jpg"), crop);
    assertThat(search(mekiki, file))
        .containsSubsequence(
            "COPY", "WHY", "DUPLICATE", "photo-3", "% of the picture searched for", "DISTANCE");
    assertThat(search(mekiki, file, "--no-copies"))
        .startsWith("DISTANCE")
        .doesNotContain("DUPLICATE");
  }

  private static String search(InProcess mekiki, Path file, String... options) {
    StringWriter output = new StringWriter();
    List<String> arguments = new ArrayList<>(List.of("search", file.toString()));
    arguments.addAll(List.of(options));
    assertThat(run(mekiki, output, arguments.toArray(String[]::new))).isZero();
    return output.toString();
  }

  private static int run(InProcess mekiki, StringWriter output, String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--server", mekiki.server()));
    return MekikiCommand.commandLine()
        .setOut(new PrintWriter(output, true))
        .setErr(new PrintWriter(output, true))
        .execute(all.toArray(String[]::new));
  }

  private static void filterAndSwitchAreObeyed(InProcess mekiki, byte[] crop) {
    // Copies obey the filter although landmarks have no metadata.
    SearchRequest.Builder odd = request(crop).putFilter("lane", "1");
    assertThat(mekiki.api().search(odd.build()).getCopiesList())
        .extracting(CopyHit::getImageId)
        .containsExactly("photo-3");
    assertThat(mekiki.api().search(odd.putFilter("lane", "0").build()).getCopiesList()).isEmpty();

    SearchResponse without = mekiki.api().search(request(crop).setCopies(false).build());
    assertThat(without.hasCopySearch()).isFalse();
    assertThat(without.getCopiesList()).isEmpty();
    assertThatThrownBy(() ->
            mekiki
                .api()
                .search(SearchRequest.newBuilder().setId("photo-3").setCopies(true).build()))
        .isInstanceOf(MekikiException.class)
        .hasMessageContaining("copies: true in a search by id or code");
  }

  @Test
  void nothingChangesWhereCopiesAreNotLookedFor() throws Exception {
    List<byte[]> photos = photos(0, 3);
    try (InProcess mekiki = new InProcess(data, Map.of())) {
      index(mekiki, photos);

      SearchResponse found = mekiki.api().search(request(photos.getFirst()).build());
      assertThat(found.getHits(0).getImageId()).isEqualTo("photo-0");
      assertThat(found.getComplete()).isTrue();
      assertThat(found.hasCopySearch()).isFalse();
      assertThat(found.getCopiesList()).isEmpty();
      assertThat(found.getHitsList()).noneMatch(SearchHit::hasCopyBy);
      assertThatThrownBy(
              () -> mekiki.api().search(request(photos.getFirst()).setCopies(true).build()))
          .isInstanceOf(MekikiException.class)
          .hasMessageContaining("mekiki.match.copies=on");
    }
  }

  private static void index(InProcess mekiki, List<byte[]> photos) {
    for (int i = 0; i < photos.size(); i++) {
      mekiki.api().put("photo-" + i, photos.get(i), Map.of("lane", Integer.toString(i % 2)), false);
    }
    await().atMost(LIMIT).until(() -> mekiki.api().status().getImages() == photos.size());
  }

  private static SearchResponse awaitCopy(InProcess mekiki, SearchRequest request, String id) {
    return await()
        .atMost(LIMIT)
        .until(
            () ->
                Optional.of(mekiki.api().search(request))
                    .filter(found ->
                        found.getCopiesCount() > 0 && found.getCopies(0).getImageId().equals(id)),
            Optional::isPresent)
        .orElseThrow();
  }

  private static CopyHit only(InProcess mekiki, byte[] picture, String id) {
    SearchResponse found = awaitCopy(mekiki, request(picture).setRequireComplete(true).build(), id);
    assertThat(found.getCopiesList()).hasSize(1);
    return found.getCopies(0);
  }

  private static SearchRequest.Builder request(byte[] picture) {
    return SearchRequest.newBuilder().setImage(ByteString.copyFrom(picture)).setK(1);
  }

  private static List<byte[]> photos(int from, int to) throws IOException {
    return new ArrayList<>(TestPictures.originals(200, to).subList(from, to));
  }

  private static BufferedImage mirrored(BufferedImage picture) {
    BufferedImage mirrored =
        new BufferedImage(picture.getWidth(), picture.getHeight(), BufferedImage.TYPE_INT_RGB);
    Graphics2D canvas = mirrored.createGraphics();
    AffineTransform flip = AffineTransform.getTranslateInstance(picture.getWidth(), 0);
    flip.scale(-1, 1);
    canvas.drawImage(picture, flip, null);
    canvas.dispose();
    return mirrored;
  }

  /// In a white frame, with text below: a fingerprint of the whole differs.
  private static BufferedImage captioned(BufferedImage picture) {
    int width = picture.getWidth();
    int height = picture.getHeight();
    BufferedImage captioned = new BufferedImage(width, height * 3 / 2, BufferedImage.TYPE_INT_RGB);
    Graphics2D canvas = captioned.createGraphics();
    canvas.setColor(Color.WHITE);
    canvas.fillRect(0, 0, width, height * 3 / 2);
    canvas.drawImage(picture, 0, 0, null);
    canvas.setColor(Color.BLACK);
    canvas.setFont(new Font(Font.SANS_SERIF, Font.BOLD, height / 7));
    canvas.drawString("When it rains", width / 10, height * 5 / 4);
    canvas.dispose();
    return captioned;
  }
}
