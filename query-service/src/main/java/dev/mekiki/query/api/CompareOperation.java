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

/// Compares two images: looks both up, and has them explained. Thread-safe; it blocks.
final class CompareOperation {
  private final Backend backend;
  private final RequestCheck check;
  private final PairPolicy policy;

  CompareOperation(Backend backend, RequestCheck check, PairPolicy policy) {
    this.backend = backend;
    this.check = check;
    this.policy = policy;
  }

  /// An image, and its thumbnail; empty where there is none.
  private record Side(Compared compared, ByteString thumbnail) {}

  CompareResponse compare(CompareRequest request) throws InterruptedException {
    GenerationGeometry generation = backend.generation();
    ClusterView view = backend.routing().view().of(generation.id());
    MatchRules rules =
        backend
            .clients()
            .rules(view, Deadline.after(backend.limits().searchTimeout()))
            .orElseThrow(() ->
                ApiException.unavailable(
                    "no index instance says what a match is (expected: a running one; start it with"
                        + " `mekiki index`)"));
    Side a = side("a", request.getA(), request.getImageA(), rules, generation, view);
    Side b = side("b", request.getB(), request.getImageB(), rules, generation, view);
    return PairExplanation.of(a.compared(), b.compared(), rules, policy, aligned(a, b, rules));
  }

  private Side side(
      String name,
      String id,
      ByteString picture,
      MatchRules rules,
      GenerationGeometry generation,
      ClusterView view)
      throws InterruptedException {
    if (id.isEmpty() == picture.isEmpty()) {
      throw ApiException.invalid(
          "%s: %s (expected: the id of an indexed image, or the bytes of a picture)"
              .formatted(name, id.isEmpty() ? "neither an id nor a picture" : "both"));
    }
    if (!picture.isEmpty()) {
      check.imageBytes(picture.size());
      EncodeResponse encoded =
          backend
              .encoders()
              .encode(
                  EncodeRequest.newBuilder()
                      .setImage(picture)
                      .setLandmarks(rules.getCopies())
                      .build(),
                  generation.network(),
                  Deadline.after(backend.limits().encodeTimeout()));
      return new Side(Compared.of(name, "", encoded), encoded.getSought().getThumbnail());
    }
    ImageId imageId = check.id(id);
    PlacedImage placed = backend.placedImage(view, imageId).image();
    return new Side(
        Compared.of(id, placed),
        rules.getCopies() ? thumbnail(imageId, generation, placed.getCode()) : ByteString.EMPTY);
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
