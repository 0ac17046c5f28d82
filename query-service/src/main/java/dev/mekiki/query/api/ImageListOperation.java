package dev.mekiki.query.api;

import com.google.protobuf.ByteString;
import dev.mekiki.hashing.center.CenterTable;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.pdq.Fingerprint;
import dev.mekiki.query.cluster.ClusterView;
import dev.mekiki.query.cluster.Deadline;
import dev.mekiki.query.cluster.PartitionCalls;
import dev.mekiki.query.cluster.PartitionCalls.Reply;
import dev.mekiki.runtime.generation.GenerationGeometry;
import dev.mekiki.runtime.server.Caller;
import dev.mekiki.schemas.text.BoundedText;
import dev.mekiki.schemas.v1.ImageCursor;
import dev.mekiki.schemas.v1.ListImagesRequest;
import dev.mekiki.schemas.v1.ListImagesResponse;
import dev.mekiki.schemas.v1.ListPartitionImagesRequest;
import dev.mekiki.schemas.v1.ListPartitionImagesResponse;
import dev.mekiki.schemas.v1.ListedImage;
import dev.mekiki.schemas.v1.Placement;
import dev.mekiki.schemas.v1.StoredImage;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Lists indexed images, partition by partition and there by id. Thread-safe; it blocks.
final class ImageListOperation {
  /// Images that a call looks at.
  static final int MAX_LOOKED_AT = 20_000;

  private final Backend backend;
  private final TenantRules tenants;

  /// @param tenants what each caller may see
  ImageListOperation(Backend backend, TenantRules tenants) {
    this.backend = backend;
    this.tenants = tenants;
  }

  /// Those that a caller sees.
  ListImagesResponse list(Caller caller, ListImagesRequest request) {
    GenerationGeometry generation = backend.generation();
    ListPartitionImagesRequest question = question(caller, request, generation);
    ClusterView view = backend.view(generation);
    if (view.instances().isEmpty()) {
      throw ApiException.unavailable(
          "images cannot be listed now: no index instance is known (expected: a running one; start"
              + " it with `mekiki index`)");
    }
    Page page = new Page(generation, view, question, request.getRequireComplete());
    return page.read(cursor(request.getCursor(), generation));
  }

  /// What every partition is asked, but for where to go on.
  private ListPartitionImagesRequest question(
      Caller caller, ListImagesRequest request, GenerationGeometry generation) {
    int limit = Paging.limit(request.hasLimit() ? request.getLimit() : Paging.DEFAULT_LIMIT);
    RequestCheck.filter(request.getFilterMap());
    ListPartitionImagesRequest.Builder question =
        ListPartitionImagesRequest.newBuilder()
            .setGeneration(generation.id())
            .setLimit(limit)
            .setLookAt(MAX_LOOKED_AT)
            .addAllCenters(centers(request, generation.centers()))
            .putAllFilter(request.getFilterMap());
    @Nullable String tenant =
        tenants.searched(caller, request.hasTenant() ? request.getTenant() : null);
    if (tenant != null) {
      question.setTenant(tenant);
    }
    if (request.hasSince()) {
      long _ = RequestCheck.millis("since", request.getSince());
      question.setSince(request.getSince());
    }
    return question.build();
  }

  /// The centers that an image may be next to; none where it may be next to any.
  private static List<Integer> centers(ListImagesRequest request, CenterTable centers) {
    if (!request.hasCenter() && !request.hasLabel()) {
      return List.of();
    }
    if (request.hasCenter() && (request.getCenter() < 0 || request.getCenter() >= centers.size())) {
      throw ApiException.invalid(
          "center: %d (expected: 0..%d, the centers of the generation)"
              .formatted(request.getCenter(), centers.size() - 1));
    }
    List<Integer> wanted =
        IntStream.range(0, centers.size())
            .filter(center -> !request.hasCenter() || center == request.getCenter())
            .filter(
                center -> !request.hasLabel() || centers.label(center).equals(request.getLabel()))
            .boxed()
            .toList();
    if (wanted.isEmpty()) {
      throw ApiException.invalid(
          "label: '%s' (expected: that of %s)"
              .formatted(
                  BoundedText.quote(request.getLabel()),
                  request.hasCenter() ? "the center, or none" : "a center of the generation"));
    }
    return wanted;
  }

  /// An answer that is being made.
  private final class Page {
    private final GenerationGeometry generation;
    private final ClusterView view;
    private final ListPartitionImagesRequest question;
    private final boolean requireComplete;
    private final Deadline deadline = Deadline.after(backend.limits().searchTimeout());
    private final PartitionCalls calls = new PartitionCalls(backend.clients(), deadline);
    private final ListImagesResponse.Builder response = ListImagesResponse.newBuilder();
    private int lookedAt;

    Page(
        GenerationGeometry generation,
        ClusterView view,
        ListPartitionImagesRequest question,
        boolean requireComplete) {
      this.generation = generation;
      this.view = view;
      this.question = question;
      this.requireComplete = requireComplete;
    }

    ListImagesResponse read(ImageCursor from) {
      response.setGeneration(generation.id());
      ByteString after = from.getAfter();
      for (int partition : partitions().tailSet(from.getPartition())) {
        if (isFull()) {
          return response.setNextCursor(text(partition, ByteString.EMPTY)).build();
        }
        ByteString last =
            readPartition(partition, partition == from.getPartition() ? after : ByteString.EMPTY);
        if (!last.isEmpty()) {
          return response.setNextCursor(text(partition, last)).build();
        }
      }
      return response.build();
    }

    /// Those in which wanted images can lie.
    private SortedSet<Integer> partitions() {
      TreeSet<Integer> partitions = new TreeSet<>();
      if (question.getCentersCount() == 0) {
        IntStream.range(0, generation.partitions()).forEach(partitions::add);
      }
      question
          .getCentersList()
          .forEach(center -> partitions.addAll(generation.routing().partitionsOfCenter(center)));
      return partitions;
    }

    private boolean isFull() {
      return response.getImagesCount() >= question.getLimit()
          || lookedAt >= MAX_LOOKED_AT
          || deadline.hasPassed();
    }

    /// @return the image after which the partition goes on; empty where it does not
    private ByteString readPartition(int partition, ByteString after) {
      ListPartitionImagesRequest asked =
          question.toBuilder()
              .setPartition(partition)
              .setAfter(after)
              .setLimit(question.getLimit() - response.getImagesCount())
              .setLookAt(MAX_LOOKED_AT - lookedAt)
              .build();
      return switch (calls.ask(
          view.hosts(partition),
          "partition " + partition,
          index -> index.listPartitionImages(asked))) {
        case Reply.Answer<ListPartitionImagesResponse>(var answer) -> {
          lookedAt += answer.getLookedAt();
          answer.getImagesList().forEach(image -> response.addImages(listed(image, generation)));
          if (answer.hasStandby()) {
            response.addStandby(answer.getStandby());
          }
          yield answer.getLast();
        }
        case Reply.NoAnswer<ListPartitionImagesResponse>(var reason) -> {
          if (requireComplete) {
            throw ApiException.unavailable(
                "partition %d gave no answer: %s (expected: all, because require_complete is set; try again, or leave it out"
                        .formatted(partition, reason)
                    + " to pass it over)");
          }
          response.addMissingPartitions(partition);
          yield ByteString.EMPTY;
        }
      };
    }

    private String text(int partition, ByteString after) {
      return Paging.text(
          ImageCursor.newBuilder()
              .setGeneration(generation.id())
              .setPartition(partition)
              .setAfter(after)
              .build());
    }
  }

  private static ListedImage listed(StoredImage stored, GenerationGeometry generation) {
    Placement placement = stored.getPlacement();
    ListedImage.Builder image =
        ListedImage.newBuilder()
            .setId(stored.getImageId())
            .setRevision(placement.getRevision())
            .setHashCode(HashCode.fromBytes(placement.getHashCode().toByteArray()).toHex())
            .setFingerprint(Operations.hex(placement.getFingerprint()))
            .setFingerprintQuality(placement.getFingerprintQuality())
            .setFeatureless(placement.getFingerprintQuality() < Fingerprint.MIN_QUALITY)
            .setSha256(Operations.hex(placement.getSha256()))
            .setCenter(placement.getCenter())
            .setCenterLabel(generation.centers().label(placement.getCenter()))
            .setShell(placement.getShell())
            .setHomePartition(placement.getHomePartition())
            .setImageTime(placement.getImageTime())
            .setEncodedTime(placement.getEncodedTime())
            .setTenant(placement.getTenant())
            .setImageSource(placement.getImageSource())
            .putAllMetadata(placement.getFilterableMetadataMap())
            .setThumbnail(
                "/v1/thumbnails?id="
                    + URLEncoder.encode(stored.getImageId(), StandardCharsets.UTF_8));
    if (placement.hasExpireTime()) {
      image.setExpires(placement.getExpireTime());
    }
    return image.build();
  }

  private static ImageCursor cursor(String text, GenerationGeometry generation) {
    if (text.isEmpty()) {
      return ImageCursor.getDefaultInstance();
    }
    ImageCursor cursor = Paging.cursor(text, ImageCursor.parser());
    if (cursor.getPartition() < 0 || cursor.getGeneration().isEmpty()) {
      throw Paging.badCursor(text);
    }
    if (!cursor.getGeneration().equals(generation.id())) {
      throw ApiException.invalid(
          "cursor: '%s' is of another generation (expected: none; another generation has come, so begin again)"
              .formatted(BoundedText.quote(text)));
    }
    return cursor;
  }
}
