package dev.mekiki.query.api;

import com.google.protobuf.ByteString;
import dev.mekiki.query.cluster.ClusterView;
import dev.mekiki.query.cluster.Deadline;
import dev.mekiki.query.compare.Compared;
import dev.mekiki.query.compare.PairExplanation;
import dev.mekiki.query.compare.PairExplanation.Aligned;
import dev.mekiki.query.compare.PairPolicy;
import dev.mekiki.query.thumbnails.Thumbnail;
import dev.mekiki.runtime.generation.GenerationGeometry;
import dev.mekiki.runtime.server.Caller;
import dev.mekiki.schemas.image.ImageId;
import dev.mekiki.schemas.v1.AlignPairRequest;
import dev.mekiki.schemas.v1.AlignedThumbnail;
import dev.mekiki.schemas.v1.CompareRequest;
import dev.mekiki.schemas.v1.CompareResponse;
import dev.mekiki.schemas.v1.EncodeRequest;
import dev.mekiki.schemas.v1.EncodeResponse;
import dev.mekiki.schemas.v1.ImageCode;
import dev.mekiki.schemas.v1.MatchRules;
import dev.mekiki.schemas.v1.PlacedImage;
import io.grpc.StatusRuntimeException;
import org.jspecify.annotations.Nullable;

/// Compares two images: looks both up, and has them explained. Thread-safe; it blocks.
final class CompareOperation {
  private final Backend backend;
  private final RequestCheck check;
  private final TenantRules tenants;
  private final PairPolicy policy;

  CompareOperation(Backend backend, RequestCheck check, TenantRules tenants, PairPolicy policy) {
    this.backend = backend;
    this.check = check;
    this.tenants = tenants;
    this.policy = policy;
  }

  /// An image, and its thumbnail; empty where there is none.
  private record Side(Compared compared, ByteString thumbnail) {}

  /// One side of a request.
  ///
  /// @param name `a` or `b`
  private record Asked(String name, String id, ByteString picture) {}

  /// What a comparison needs.
  ///
  /// @param caller who asks
  private record Asking(
      Caller caller, MatchRules rules, GenerationGeometry generation, ClusterView view) {}

  CompareResponse compare(Caller caller, CompareRequest request) throws InterruptedException {
    Asked a = new Asked("a", request.getA(), request.getImageA());
    Asked b = new Asked("b", request.getB(), request.getImageB());
    check(a);
    check(b);
    GenerationGeometry generation = backend.generation();
    ClusterView view = backend.view(generation);
    MatchRules rules =
        backend
            .clients()
            .rules(view, Deadline.after(backend.limits().searchTimeout()))
            .orElseThrow(() ->
                ApiException.unavailable(
                    "no index instance says what a match is (expected: a running one; start it with"
                        + " `mekiki index`)"));
    Asking asking = new Asking(caller, rules, generation, view);
    // A picture counts as one of the tenant whose image it is compared with.
    Side sideA = a.id().isEmpty() ? null : indexed(a, asking);
    Side sideB =
        b.id().isEmpty()
            ? picture(b, sideA == null ? "" : sideA.compared().image().getTenant(), asking)
            : indexed(b, asking);
    if (sideA == null) {
      sideA = picture(a, sideB.compared().image().getTenant(), asking);
    }
    return PairExplanation.of(
        sideA.compared(), sideB.compared(), rules, policy, aligned(sideA, sideB, rules));
  }

  private static void check(Asked asked) {
    if (asked.id().isEmpty() == asked.picture().isEmpty()) {
      throw ApiException.invalid(
          "%s: %s (expected: the id of an indexed image, or the bytes of a picture)"
              .formatted(
                  asked.name(), asked.id().isEmpty() ? "neither an id nor a picture" : "both"));
    }
  }

  private Side picture(Asked asked, String tenant, Asking asking) {
    check.imageBytes(asked.picture().size());
    EncodeResponse encoded =
        backend
            .encoders()
            .encode(
                EncodeRequest.newBuilder()
                    .setImage(asked.picture())
                    .setLandmarks(asking.rules().getCopies())
                    .build(),
                asking.generation().network(),
                Deadline.after(backend.limits().encodeTimeout()));
    @Nullable String bound = asking.caller().tenant();
    return new Side(
        Compared.of(asked.name(), bound == null ? tenant : bound, encoded),
        encoded.getSought().getThumbnail());
  }

  private Side indexed(Asked asked, Asking asking) throws InterruptedException {
    ImageId id = check.id(asked.id());
    PlacedImage placed =
        backend.placedImage(asking.generation(), id, tenants.seen(asking.caller())).image();
    return new Side(
        Compared.of(asked.id(), placed),
        asking.rules().getCopies()
            ? thumbnail(id, asking.generation(), placed.getCode())
            : ByteString.EMPTY);
  }

  private ByteString thumbnail(ImageId id, GenerationGeometry generation, ImageCode code)
      throws InterruptedException {
    return backend.thumbnails().find(id, generation.network(), code)
            instanceof Thumbnail.Found(ByteString jpeg)
        ? jpeg
        : ByteString.EMPTY;
  }

  private Aligned aligned(Side a, Side b, MatchRules rules) {
    if (!rules.getCopies()) {
      return Aligned.not("copies are not looked for (mekiki.match.copies=off)");
    }
    if (a.thumbnail().isEmpty() || b.thumbnail().isEmpty()) {
      return Aligned.not(
          "the two could not be laid over each other: %s has no thumbnail now"
              .formatted(a.thumbnail().isEmpty() ? "the first" : "the second"));
    }
    try {
      return new Aligned(
          backend
              .encoders()
              .alignPair(
                  AlignPairRequest.newBuilder().setFirst(picture(a)).setSecond(picture(b)).build(),
                  Deadline.after(backend.limits().alignTimeout())),
          "");
    } catch (StatusRuntimeException e) {
      return Aligned.not(String.valueOf(e.getStatus().getDescription()));
    }
  }

  private static AlignedThumbnail picture(Side side) {
    return AlignedThumbnail.newBuilder()
        .setThumbnail(side.thumbnail())
        .setWidth(side.compared().image().getWidth())
        .setHeight(side.compared().image().getHeight())
        .build();
  }
}
