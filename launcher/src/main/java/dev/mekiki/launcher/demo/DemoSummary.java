package dev.mekiki.launcher.demo;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a demo found, held against the truth.
///
/// @param images sent
/// @param pairsExpected pairs of pictures of one scene, copies among themselves included
/// @param pairsFound of these, as EXACT or DUPLICATE
/// @param falsePairs found as EXACT or DUPLICATE, though of two scenes, or as EXACT without the
///   same bytes
/// @param exactExpected pairs of the same bytes
/// @param exactFound of these, as EXACT
/// @param replicationFactor placements for each image
/// @param readySeconds from the start of the JVM until everything could do its work
/// @param summarySeconds from the start of the JVM to this summary
/// @param produceToMatchMsP50 from the producer's send to the consumer's sight of the first match,
///   on an idle system; absent where no image of the last phase was matched
/// @param produceToMatchMsP99 the same
/// @param timedImages images of the last phase that were matched
/// @param stagesMsP50 where that time goes: encoder, placement, index, and delivery, which is
///   commit and fetch of the event
/// @param missed the expected pairs that were not found
/// @param wrong the false pairs
/// @param deadLetters images that could not be encoded
/// @param page address of the page
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DemoSummary(
    int images,
    int pairsExpected,
    int pairsFound,
    int falsePairs,
    int exactExpected,
    int exactFound,
    double replicationFactor,
    double readySeconds,
    double summarySeconds,
    @Nullable Double produceToMatchMsP50,
    @Nullable Double produceToMatchMsP99,
    int timedImages,
    Map<String, Double> stagesMsP50,
    List<PairDistance> missed,
    List<PairDistance> wrong,
    int deadLetters,
    String page) {
  private static final double SHARE_TO_FIND = 0.95;

  /// Whether every byte-identical pair and at least 95 % of the expected pairs were found, and no
  /// false one.
  public boolean isGood() {
    return exactFound == exactExpected
        && pairsFound >= SHARE_TO_FIND * pairsExpected
        && falsePairs == 0;
  }
}
