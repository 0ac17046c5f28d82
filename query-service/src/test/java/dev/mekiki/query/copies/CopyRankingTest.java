package dev.mekiki.query.copies;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.schemas.v1.AlignedCandidate;
import dev.mekiki.schemas.v1.AlignedCandidate.Result;
import dev.mekiki.schemas.v1.Alignment;
import dev.mekiki.schemas.v1.CopyHit;
import dev.mekiki.schemas.v1.CopyImage;
import dev.mekiki.schemas.v1.CopyProposal;
import dev.mekiki.schemas.v1.DecidedBy;
import dev.mekiki.schemas.v1.FoundCopy;
import dev.mekiki.schemas.v1.MatchKind;
import dev.mekiki.schemas.v1.SearchHit;
import dev.mekiki.schemas.v1.SourceCoordinate;
import java.util.List;
import org.junit.jupiter.api.Test;

class CopyRankingTest {
  @Test
  void bytesComeBeforeFingerprintsAndFingerprintsBeforeAlignments() {
    FoundCopy crop = found("crop", 1, 9, DecidedBy.DECIDED_BY_UNSPECIFIED);
    FoundCopy caption = found("caption", 2, 5, DecidedBy.DECIDED_BY_UNSPECIFIED);
    FoundCopy logo = found("logo", 3, 4, DecidedBy.DECIDED_BY_UNSPECIFIED);
    CopyRanking ranking =
        new CopyRanking(
            List.of(
                hit("far", 4, 30, DecidedBy.FINGERPRINT),
                hit("same", 5, 0, DecidedBy.BYTES),
                hit("near", 6, 2, DecidedBy.FINGERPRINT),
                SearchHit.newBuilder().setImageId("similar").build()),
            List.of(caption, crop, logo));
    assertThat(ranking.undecided()).containsExactly(crop, caption, logo);

    ranking.aligned(crop, aligned(Result.COPY, 100, 50));
    ranking.aligned(caption, aligned(Result.COPY, 100, 99));
    ranking.aligned(logo, aligned(Result.SHARES_ELEMENT, 20, 20));

    assertThat(ranking.copies())
        .extracting(CopyHit::getImageId)
        .containsExactly("same", "near", "far", "caption", "crop");
    assertThat(ranking.copies())
        .extracting(CopyHit::getKind)
        .containsExactly(
            MatchKind.EXACT,
            MatchKind.DUPLICATE,
            MatchKind.DUPLICATE,
            MatchKind.DUPLICATE,
            MatchKind.DUPLICATE);
    assertThat(ranking.copies())
        .extracting(CopyHit::getExplanation)
        .startsWith("the same bytes", "fingerprints differ in 2 of 256 bits");
    assertThat(ranking.sharedElements())
        .singleElement()
        .satisfies(hit -> {
          assertThat(hit.getImageId()).isEqualTo("logo");
          assertThat(hit.getKind()).isEqualTo(MatchKind.SHARES_ELEMENT);
          assertThat(hit.getDecidedBy()).isEqualTo(DecidedBy.ALIGNMENT);
        });
  }

  @Test
  void whatIsDecidedIsNotAligned() {
    CopyRanking ranking =
        new CopyRanking(
            List.of(hit("a", 1, 2, DecidedBy.FINGERPRINT)),
            List.of(
                found("a", 1, 50, DecidedBy.DECIDED_BY_UNSPECIFIED),
                found("b", 2, 50, DecidedBy.BYTES)));

    assertThat(ranking.undecided()).isEmpty();
    assertThat(ranking.copies()).extracting(CopyHit::getImageId).containsExactly("b", "a");
  }

  @Test
  void anImageIsListedOnceByItsNewerRevision() {
    CopyRanking ranking =
        new CopyRanking(
            List.of(hit("a", 7, 2, DecidedBy.FINGERPRINT)),
            List.of(found("a", 6, 50, DecidedBy.BYTES)));

    assertThat(ranking.copies())
        .singleElement()
        .satisfies(hit -> {
          assertThat(hit.getRevision().getOffset()).isEqualTo(7);
          assertThat(hit.getDecidedBy()).isEqualTo(DecidedBy.FINGERPRINT);
        });
  }

  @Test
  void ofOneRevisionTheStrongerReasonCounts() {
    CopyRanking ranking =
        new CopyRanking(
            List.of(hit("a", 7, 0, DecidedBy.FINGERPRINT)),
            List.of(found("a", 7, 50, DecidedBy.BYTES)));

    assertThat(ranking.copies()).extracting(CopyHit::getDecidedBy).containsExactly(DecidedBy.BYTES);
  }

  @Test
  void whatIsNoCopyIsNotListed() {
    CopyRanking ranking =
        new CopyRanking(List.of(), List.of(found("a", 1, 3, DecidedBy.DECIDED_BY_UNSPECIFIED)));
    FoundCopy candidate = ranking.undecided().getFirst();
    for (Result result : List.of(Result.NEITHER, Result.GONE, Result.NOT_VERIFIED)) {
      ranking.aligned(candidate, aligned(result, 100, 100));
    }

    assertThat(ranking.copies()).isEmpty();
    assertThat(ranking.sharedElements()).isEmpty();
  }

  private static SearchHit hit(String id, long offset, int distance, DecidedBy by) {
    return SearchHit.newBuilder()
        .setImageId(id)
        .setFingerprintDistance(distance)
        .setRevision(revision(offset))
        .setCopyBy(by)
        .build();
  }

  private static FoundCopy found(String id, long offset, int votes, DecidedBy by) {
    return FoundCopy.newBuilder()
        .setImageId(id)
        .setImage(CopyImage.newBuilder().setRevision(revision(offset)))
        .addProposals(CopyProposal.newBuilder().setVotes(2))
        .addProposals(CopyProposal.newBuilder().setVotes(votes))
        .setDecidedBy(by)
        .build();
  }

  private static SourceCoordinate revision(long offset) {
    return SourceCoordinate.newBuilder().setTopic("images").setOffset(offset).build();
  }

  private static AlignedCandidate aligned(Result result, double ofLater, double ofEarlier) {
    return AlignedCandidate.newBuilder()
        .setResult(result)
        .setAlignment(
            Alignment.newBuilder().setOverlapOfLater(ofLater).setOverlapOfEarlier(ofEarlier))
        .build();
  }
}
