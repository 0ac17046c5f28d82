package dev.mekiki.query.policy;

import com.google.protobuf.util.Timestamps;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.match.Sha256;
import dev.mekiki.hashing.pdq.Fingerprint;
import dev.mekiki.runtime.policy.PolicyDetails;
import dev.mekiki.runtime.policy.PolicyLimits;
import dev.mekiki.runtime.policy.VerdictId;
import dev.mekiki.schemas.text.BoundedText;
import dev.mekiki.schemas.v1.DecidedBy;
import dev.mekiki.schemas.v1.DeleteVerdictRequest;
import dev.mekiki.schemas.v1.ImageCode;
import dev.mekiki.schemas.v1.ListVerdictsRequest;
import dev.mekiki.schemas.v1.ListVerdictsResponse;
import dev.mekiki.schemas.v1.MatchKind;
import dev.mekiki.schemas.v1.PutVerdictRequest;
import dev.mekiki.schemas.v1.Verdict;
import org.jspecify.annotations.Nullable;

/// Takes, lists and withdraws verdicts. Thread-safe; what changes them blocks.
public final class VerdictOperations {
  private static final int DEFAULT_LIMIT = 100;
  private static final int MAX_LIMIT = 1000;

  private final PolicyStore store;
  private final PictureSource pictures;

  /// Operations on what the store holds.
  public VerdictOperations(PolicyStore store, PictureSource pictures) {
    this.store = store;
    this.pictures = pictures;
  }

  /// Two indexed images, in the order of their contents.
  private record Pair(String idA, ImageCode a, String idB, ImageCode b) {
    VerdictId verdictId(boolean tenantsShared) {
      return new VerdictId(tenantsShared ? "" : a.getTenant(), sha256(a), sha256(b));
    }

    boolean isSameBytes() {
      return a.getSha256().equals(b.getSha256());
    }

    boolean haveFeatures() {
      return a.getFingerprintQuality() >= Fingerprint.MIN_QUALITY
          && b.getFingerprintQuality() >= Fingerprint.MIN_QUALITY;
    }

    int codeDistance() {
      return code(a.getHashCode().toByteArray()).distance(code(b.getHashCode().toByteArray()));
    }

    int fingerprintDistance() {
      return code(a.getFingerprint().toByteArray())
          .distance(code(b.getFingerprint().toByteArray()));
    }

    static Sha256 sha256(ImageCode code) {
      return Sha256.of(code.getSha256().toByteArray());
    }

    private static HashCode code(byte[] bytes) {
      return HashCode.fromBytes(bytes);
    }
  }

  /// Confirms or dismisses a pair of images; in place of a verdict of the same contents, where
  /// there is one.
  ///
  /// @return the verdict, in force here
  public Verdict put(PutVerdictRequest request, Scope scope) throws InterruptedException {
    switch (request.getDecision()) {
      case CONFIRMED, DISMISSED -> {}
      case DECISION_UNSPECIFIED, UNRECOGNIZED ->
          throw Refusals.invalid("decision: none (expected: CONFIRMED or DISMISSED)");
    }
    Verdict.Builder verdict =
        Verdict.newBuilder()
            .setDecision(request.getDecision())
            .setAuthor(Refusals.text("author", request.getAuthor(), PolicyLimits.AUTHOR_BYTES))
            .setNote(Refusals.text("note", request.getNote(), PolicyLimits.TEXT_BYTES))
            .setTime(Timestamps.now());
    checkKnown("kind", request.getKind() == MatchKind.UNRECOGNIZED);
    checkKnown("decidedBy", request.getDecidedBy() == DecidedBy.UNRECOGNIZED);
    Pair pair = pair(request.getA(), request.getB(), scope);
    VerdictId id = pair.verdictId(scope.tenantsShared());
    verdict
        .setId(id.toString())
        .setTenant(id.tenant())
        .setSha256A(id.a().toHex())
        .setSha256B(id.b().toHex())
        .setImageA(pair.idA())
        .setImageB(pair.idB())
        .setCodeDistance(pair.codeDistance());
    if (pair.haveFeatures()) {
      verdict.setFingerprintDistance(pair.fingerprintDistance());
    }
    if (request.getKind() == MatchKind.MATCH_KIND_UNSPECIFIED) {
      setKind(pair, verdict);
    } else {
      verdict.setKind(request.getKind()).setDecidedBy(request.getDecidedBy());
    }
    PolicyDetails details = store.details();
    if (details.verdicts() >= PolicyLimits.MAX_VERDICTS && details.verdict(id) == null) {
      throw Refusals.full(
          "verdicts: %d (expected: at most that many; withdraw those of pictures that are gone)"
              .formatted(PolicyLimits.MAX_VERDICTS));
    }
    store.write(store.topics().verdicts(), id.toString(), verdict.build());
    return verdict.build();
  }

  /// How two images match as their bytes and fingerprints say.
  private void setKind(Pair pair, Verdict.Builder verdict) {
    if (pair.isSameBytes()) {
      verdict.setKind(MatchKind.EXACT).setDecidedBy(DecidedBy.BYTES);
    } else if (pair.haveFeatures() && pair.fingerprintDistance() <= pictures.fingerprintRadius()) {
      verdict.setKind(MatchKind.DUPLICATE).setDecidedBy(DecidedBy.FINGERPRINT);
    }
  }

  private Pair pair(String first, String second, Scope scope) throws InterruptedException {
    if (first.equals(second)) {
      throw Refusals.invalid(
          "a, b: both are '%s' (expected: two images)".formatted(BoundedText.quote(first)));
    }
    @Nullable String tenant = scope.tenantsShared() ? null : scope.tenant();
    ImageCode a = pictures.indexed(first, tenant).getCode();
    ImageCode b = pictures.indexed(second, tenant).getCode();
    if (!scope.tenantsShared() && !a.getTenant().equals(b.getTenant())) {
      throw Refusals.invalid(
          "a, b: of the tenants '%s' and '%s' (expected: two images of one tenant, others make no"
                  .formatted(a.getTenant(), b.getTenant())
              + " events)");
    }
    int order = Pair.sha256(a).compareTo(Pair.sha256(b));
    boolean inOrder = order < 0 || (order == 0 && first.compareTo(second) < 0);
    return inOrder ? new Pair(first, a, second, b) : new Pair(second, b, first, a);
  }

  private static void checkKnown(String field, boolean isUnknown) {
    if (isUnknown) {
      throw Refusals.invalid(field + ": unknown (expected: as the event of the pair says it)");
    }
  }

  /// Verdicts that a caller sees, the newest first.
  public ListVerdictsResponse list(ListVerdictsRequest request, Scope scope) {
    int limit = request.hasLimit() ? request.getLimit() : DEFAULT_LIMIT;
    if (limit < 1 || limit > MAX_LIMIT) {
      throw Refusals.invalid("limit: %d (expected: 1..%d)".formatted(limit, MAX_LIMIT));
    }
    PolicyDetails.Page page =
        store.details().verdicts(cursor(request.getCursor()), limit, scope::seesVerdicts);
    ListVerdictsResponse.Builder response =
        ListVerdictsResponse.newBuilder().addAllVerdicts(page.verdicts());
    PolicyDetails.Cursor next = page.next();
    if (next != null) {
      response.setNextCursor(next.toString());
    }
    return response.build();
  }

  private static PolicyDetails.@Nullable Cursor cursor(String text) {
    try {
      return text.isEmpty() ? null : PolicyDetails.Cursor.parse(text);
    } catch (IllegalArgumentException e) {
      throw Refusals.invalid(
          "cursor: '%s' (%s)".formatted(BoundedText.quote(text), e.getMessage()));
    }
  }

  /// Withdraws a verdict.
  ///
  /// @return the verdict that was in force
  public Verdict delete(DeleteVerdictRequest request, Scope scope) throws InterruptedException {
    boolean byImages = !request.getA().isEmpty() || !request.getB().isEmpty();
    if (byImages == !request.getId().isEmpty()) {
      throw Refusals.invalid("verdict: none named (expected: its id, or the images a and b)");
    }
    VerdictId id =
        byImages
            ? pair(request.getA(), request.getB(), scope).verdictId(scope.tenantsShared())
            : id(request.getId());
    Verdict verdict = store.details().verdict(id);
    if (verdict == null || !scope.seesVerdicts(id.tenant())) {
      throw Refusals.notFound(
          "%s: nobody has judged this pair (expected: one of those that are listed)"
              .formatted(
                  byImages
                      ? "a, b: '%s' and '%s'"
                          .formatted(
                              BoundedText.quote(request.getA()), BoundedText.quote(request.getB()))
                      : "id: '%s'".formatted(BoundedText.quote(request.getId()))));
    }
    store.write(store.topics().verdicts(), id.toString(), null);
    return verdict;
  }

  private static VerdictId id(String text) {
    try {
      return VerdictId.parse(text);
    } catch (IllegalArgumentException e) {
      throw Refusals.invalid("id: '%s' (%s)".formatted(BoundedText.quote(text), e.getMessage()));
    }
  }
}
