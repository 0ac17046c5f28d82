package dev.mekiki.query.api;

import com.google.protobuf.ByteString;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.match.Origin;
import dev.mekiki.hashing.pdq.Fingerprint;
import dev.mekiki.query.cluster.ImageLookup;
import dev.mekiki.query.compare.PairPolicy;
import dev.mekiki.query.images.ImageSender;
import dev.mekiki.query.matches.MatchSink;
import dev.mekiki.query.matches.StartFrom;
import dev.mekiki.query.thumbnails.Thumbnail;
import dev.mekiki.runtime.generation.GenerationGeometry;
import dev.mekiki.runtime.server.Caller;
import dev.mekiki.runtime.server.Role;
import dev.mekiki.schemas.image.ImageId;
import dev.mekiki.schemas.v1.CompareRequest;
import dev.mekiki.schemas.v1.CompareResponse;
import dev.mekiki.schemas.v1.Image;
import dev.mekiki.schemas.v1.ImageCode;
import dev.mekiki.schemas.v1.ListImagesRequest;
import dev.mekiki.schemas.v1.ListImagesResponse;
import dev.mekiki.schemas.v1.ListMatchesRequest;
import dev.mekiki.schemas.v1.ListMatchesResponse;
import dev.mekiki.schemas.v1.PlacedImage;
import dev.mekiki.schemas.v1.SearchRequest;
import dev.mekiki.schemas.v1.SearchResponse;
import dev.mekiki.schemas.v1.Session;
import dev.mekiki.schemas.v1.SourceCoordinate;
import dev.mekiki.schemas.v1.Status;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The operations of the API, independent of gRPC and HTTP. Each knows who calls, and shows and
/// changes what {@link TenantRules} allow. Thread-safe; every operation blocks but the stream of
/// matches. Its exceptions become responses in {@link Failures}.
final class Operations {
  private final Backend backend;
  private final RequestCheck check;
  private final TenantRules tenants;
  private final SearchOperation search;
  private final CompareOperation comparison;
  private final StatusReport report;
  private final MatchListOperation matchList;
  private final ImageListOperation imageList;

  /// @param tenants what each caller may see and change
  /// @param policy what people have decided about pairs
  /// @param version of Mekiki, shown in the status
  Operations(
      Backend backend,
      RequestCheck check,
      TenantRules tenants,
      PairPolicy policy,
      SearchMetrics metrics,
      String version) {
    this.backend = backend;
    this.check = check;
    this.tenants = tenants;
    this.comparison = new CompareOperation(backend, check, tenants, policy);
    this.search = new SearchOperation(backend, check, metrics);
    this.report = new StatusReport(backend, tenants.shared(), check.maxHits(), version);
    this.matchList = new MatchListOperation(backend.matches(), tenants);
    this.imageList = new ImageListOperation(backend, tenants);
  }

  SearchResponse search(Caller caller, SearchRequest request) throws InterruptedException {
    return search.search(
        request,
        new SearchOperation.Visible(
            tenants.seen(caller),
            tenants.searched(caller, request.hasTenant() ? request.getTenant() : null)));
  }

  CompareResponse compare(Caller caller, CompareRequest request) throws InterruptedException {
    return comparison.compare(caller, request);
  }

  /// What is known of an image, its thumbnail included. Kafka holds that alone: where it does not
  /// give it in time, everything else is answered, and the state says so.
  Image get(Caller caller, String id) throws InterruptedException {
    ImageId imageId = check.id(id);
    GenerationGeometry generation = backend.generation();
    ImageLookup.Lookup.Found found = backend.placedImage(generation, imageId, tenants.seen(caller));
    Image.Builder image = image(id, found, generation);
    switch (backend.thumbnails().find(imageId, generation.network(), found.image().getCode())) {
      case Thumbnail.Found(ByteString jpeg) ->
          image.setThumbnail(jpeg).setThumbnailState(Image.ThumbnailState.PRESENT);
      case Thumbnail.None() -> image.setThumbnailState(Image.ThumbnailState.ABSENT);
      case Thumbnail.Gone() -> image.setThumbnailState(Image.ThumbnailState.GONE);
      case Thumbnail.Unavailable _ -> image.setThumbnailState(Image.ThumbnailState.UNAVAILABLE);
    }
    return image.build();
  }

  /// Indexed images that a caller sees.
  ListImagesResponse list(Caller caller, ListImagesRequest request) {
    return imageList.list(caller, request);
  }

  /// What the API says of an image that was found, but for its thumbnail.
  static Image.Builder image(
      String id, ImageLookup.Lookup.Found found, GenerationGeometry generation) {
    PlacedImage placed = found.image();
    ImageCode code = placed.getCode();
    Image.Builder image = Image.newBuilder();
    found.standby().ifPresent(image::setStandby);
    if (code.hasExpireTime()) {
      image.setExpires(code.getExpireTime());
    }
    return image
        .setId(id)
        .setHashCode(HashCode.fromBytes(code.getHashCode().toByteArray()).toHex())
        .setFingerprint(hex(code.getFingerprint()))
        .setFingerprintQuality(code.getFingerprintQuality())
        .setPartial(code.getPartial())
        .setFeatureless(code.getFingerprintQuality() < Fingerprint.MIN_QUALITY)
        .setSha256(hex(code.getSha256()))
        .setWidth(code.getWidth())
        .setHeight(code.getHeight())
        .setSizeBytes(code.getSizeBytes())
        .setContentType(code.getContentType())
        .putAllMetadata(code.getMetadataMap())
        .setTenant(code.getTenant())
        .setImageSource(code.getImageSource())
        .setRevision(placed.getRevision())
        .setCenter(placed.getCenter())
        .setCenterLabel(generation.routing().centers().label(placed.getCenter()))
        .setShell(placed.getShell())
        .setHomePartition(placed.getHomePartition())
        .setImageTime(code.getImageTime())
        .setEncodedTime(code.getEncodedTime());
  }

  SourceCoordinate put(Caller caller, String id, ImageUpload upload) throws InterruptedException {
    ImageId imageId = check.id(id);
    Origin origin =
        new Origin(
            tenants.owner(caller, imageId, upload.tenant()),
            TenantRules.checked("source", upload.source()));
    check.imageBytes(upload.bytes().length);
    Map<String, String> metadata = check.metadata(upload.metadata());
    Long expires = RequestCheck.expires(upload.expires(), System.currentTimeMillis());
    return backend
        .images()
        .put(
            imageId,
            upload.bytes(),
            new ImageSender.Headers(
                upload.contentType(), metadata, upload.muted(), expires, origin));
  }

  SourceCoordinate delete(Caller caller, String id) throws InterruptedException {
    return Audited.of(caller, "image.delete", "id", id)
        .run(
            () -> {
              ImageId imageId = check.id(id);
              tenants.checkChange(caller, imageId);
              return backend.images().delete(imageId);
            },
            _ -> "");
  }

  static Session session(Caller caller) {
    Session.Builder session =
        Session.newBuilder()
            .setName(caller.name())
            .addAllRoles(caller.roles().stream().map(Role::text).sorted().toList());
    @Nullable String tenant = caller.tenant();
    if (tenant != null) {
      session.setTenant(tenant);
    }
    return session.build();
  }

  Status status(Caller caller) {
    return report.now(tenants.seen(caller));
  }

  /// Sends the matches that a caller sees.
  ///
  /// @param tenant whose matches alone; null for everybody's
  /// @throws dev.mekiki.query.matches.SubscriptionRefusedException where there are as many streams
  ///   as allowed
  void matches(Caller caller, @Nullable String tenant, StartFrom from, MatchSink sink) {
    backend.matches().subscribe(from, TenantMatches.seenBy(tenants.searched(caller, tenant), sink));
  }

  /// Matches of the past that a caller sees.
  ListMatchesResponse matches(Caller caller, ListMatchesRequest request)
      throws InterruptedException {
    return matchList.list(caller, request);
  }

  static String hex(ByteString bytes) {
    return HexFormat.of().formatHex(bytes.toByteArray());
  }
}
