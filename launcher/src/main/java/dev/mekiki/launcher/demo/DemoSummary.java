package dev.mekiki.launcher.demo;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a demo found, held against the truth.
///
/// @param images sent
/// @param pairsExpected pairs within the rule, copies among themselves included: of the same bytes,
///   or with fingerprints within the fingerprint radius
/// @param pairsFound of these, as EXACT or DUPLICATE
/// @param pairsBeyondRadius pairs of pictures of one scene that lie too far apart to be found
/// @param falsePairs found as EXACT or DUPLICATE, though of two scenes or beyond the rule, or as
///   EXACT without the same bytes
/// @param exactExpected pairs of the same bytes
/// @param exactFound of these, as EXACT
/// @param probesPerImage other partitions that an arrival probed, a mean
/// @param readySeconds from the start of the JVM until everything could do its work
/// @param summarySeconds from the start of the JVM to this summary
/// @param produceToMatchMsP50 from the producer's send to the consumer's sight of the first match,
///   on an idle system; absent where no image of the last phase was matched
/// @param produceToMatchMsP99 the same
/// @param timedImages images of the last phase that were matched
/// @param stagesMsP50 where that time goes: encoder, placement, index, and delivery, which is
///   commit and fetch of the event
/// @param missed the expected pairs that were not found
/// @param beyond the pairs of one scene that lie too far apart
/// @param wrong the false pairs
/// @param deadLetters images that could not be encoded
/// @param page address of the page
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DemoSummary(
    int images,
    int pairsExpected,
    int pairsFound,
    int pairsBeyondRadius,
    int falsePairs,
    int exactExpected,
    int exactFound,
    double probesPerImage,
    double readySeconds,
    double summarySeconds,
    @Nullable Double produceToMatchMsP50,
    @Nullable Double produceToMatchMsP99,
    int timedImages,
    Map<String, Double> stagesMsP50,
    List<PairDistance> missed,
    List<PairDistance> beyond,
    List<PairDistance> wrong,
    int deadLetters,
    String page) {
  /// Whether every pair within the rule was found, byte-identical ones as EXACT, and no false one.
  public boolean isGood() {
    return pairsFound == pairsExpected && exactFound == exactExpected && falsePairs == 0;
  }
}
