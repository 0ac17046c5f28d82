package dev.mekiki.query.api;

import com.google.protobuf.ByteString;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.query.images.ImageSender;
import dev.mekiki.runtime.generation.GenerationGeometry;
import dev.mekiki.schemas.image.ImageId;
import dev.mekiki.schemas.v1.Image;
import dev.mekiki.schemas.v1.ImageCode;
import dev.mekiki.schemas.v1.PlacedImage;
import dev.mekiki.schemas.v1.SearchRequest;
import dev.mekiki.schemas.v1.SearchResponse;
import dev.mekiki.schemas.v1.SourceCoordinate;
import dev.mekiki.schemas.v1.Status;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// What users can do, apart from the form in which they ask for it. Thread-safe; every operation
/// blocks. What it throws, {@link Failures} words.
final class Operations {
  private final Backend backend;
  private final RequestCheck check;
  private final SearchOperation search;
  private final StatusReport report;

  /// @param version of Mekiki, shown in the status
  Operations(Backend backend, RequestCheck check, SearchMetrics metrics, String version) {
    this.backend = backend;
    this.check = check;
    this.search = new SearchOperation(backend, check, metrics);
    this.report = new StatusReport(backend, version);
  }

  SearchResponse search(SearchRequest request) throws InterruptedException {
    return search.search(request);
  }

  Image get(String id) throws InterruptedException {
    ImageId imageId = check.id(id);
    GenerationGeometry generation = backend.generation();
    PlacedImage placed = backend.placedImage(backend.routing().view().of(generation.id()), imageId);
    ImageCode code = placed.getCode();
    return Image.newBuilder()
        .setId(id)
        .setHashCode(HashCode.fromBytes(code.getHashCode().toByteArray()).toHex())
        .setFingerprint(hex(code.getFingerprint()))
        .setFingerprintQuality(code.getFingerprintQuality())
        .setSha256(hex(code.getSha256()))
        .setWidth(code.getWidth())
        .setHeight(code.getHeight())
        .setSizeBytes(code.getSizeBytes())
        .setContentType(code.getContentType())
        .putAllMetadata(code.getMetadataMap())
        .setRevision(placed.getRevision())
        .setCenter(placed.getCenter())
        .setCenterLabel(generation.routing().centers().label(placed.getCenter()))
        .setShell(placed.getShell())
        .setHomePartition(placed.getHomePartition())
        .addAllPartitions(placed.getPartitionsList())
        .setImageTime(code.getImageTime())
        .setEncodedTime(code.getEncodedTime())
        .setThumbnail(code.getThumbnail())
        .build();
  }

  /// @param contentType media type as the sender says it, or null
  SourceCoordinate put(
      String id,
      ByteString image,
      @Nullable String contentType,
      Map<String, String> metadata,
      boolean muted)
      throws InterruptedException {
    ImageId imageId = check.id(id);
    byte[] bytes = check.image(image).toByteArray();
    return acknowledged(
        backend
            .images()
            .put(
                imageId,
                bytes,
                new ImageSender.Headers(contentType, check.metadata(metadata), muted)));
  }

  SourceCoordinate delete(String id) throws InterruptedException {
    return acknowledged(backend.images().delete(check.id(id)));
  }

  Status status() {
    return report.now();
  }

  private SourceCoordinate acknowledged(CompletableFuture<SourceCoordinate> sent)
      throws InterruptedException {
    long millis = backend.limits().sendTimeout().toMillis();
    try {
      return sent.get(millis, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw ApiException.unavailable(
          "the broker did not acknowledge within %d ms (expected: a reachable broker; sending again is safe)"
              .formatted(millis));
    } catch (ExecutionException e) {
      throw new CompletionException(e.getCause());
    }
  }

  private static String hex(ByteString bytes) {
    return HexFormat.of().formatHex(bytes.toByteArray());
  }
}
