package dev.mekiki.index.server;

import com.linecorp.armeria.common.logging.RequestLogProperty;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.mekiki.hashing.bucket.PartitionQuery;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.match.CopyRule;
import dev.mekiki.hashing.pdq.Fingerprint;
import dev.mekiki.index.copies.CopySearcher;
import dev.mekiki.index.groups.GroupReader;
import dev.mekiki.index.metadata.FilterableKeys;
import dev.mekiki.index.partition.MatchSettings;
import dev.mekiki.runtime.generation.GenerationGeometry;
import dev.mekiki.runtime.match.MatchEvents;
import dev.mekiki.schemas.search.SearchLimits;
import dev.mekiki.schemas.v1.Arrivals;
import dev.mekiki.schemas.v1.AwaitDecisionsRequest;
import dev.mekiki.schemas.v1.AwaitDecisionsResponse;
import dev.mekiki.schemas.v1.FindCopiesAgainRequest;
import dev.mekiki.schemas.v1.FindCopiesAgainResponse;
import dev.mekiki.schemas.v1.FindCopiesRequest;
import dev.mekiki.schemas.v1.FindCopiesResponse;
import dev.mekiki.schemas.v1.GetArrivalsRequest;
import dev.mekiki.schemas.v1.GetContentGroupRequest;
import dev.mekiki.schemas.v1.GetContentGroupResponse;
import dev.mekiki.schemas.v1.GetMatchRulesRequest;
import dev.mekiki.schemas.v1.GetPartitionSizesRequest;
import dev.mekiki.schemas.v1.GetPartitionSizesResponse;
import dev.mekiki.schemas.v1.GetPlacedImageRequest;
import dev.mekiki.schemas.v1.GetPlacedImageResponse;
import dev.mekiki.schemas.v1.IndexGrpc;
import dev.mekiki.schemas.v1.ListArrivalsRequest;
import dev.mekiki.schemas.v1.ListArrivalsResponse;
import dev.mekiki.schemas.v1.ListContentImagesRequest;
import dev.mekiki.schemas.v1.ListContentImagesResponse;
import dev.mekiki.schemas.v1.ListMembersRequest;
import dev.mekiki.schemas.v1.ListMembersResponse;
import dev.mekiki.schemas.v1.ListPartitionGroupsRequest;
import dev.mekiki.schemas.v1.ListPartitionGroupsResponse;
import dev.mekiki.schemas.v1.ListPartitionImagesRequest;
import dev.mekiki.schemas.v1.ListPartitionImagesResponse;
import dev.mekiki.schemas.v1.MatchAgainRequest;
import dev.mekiki.schemas.v1.MatchAgainResponse;
import dev.mekiki.schemas.v1.MatchRules;
import dev.mekiki.schemas.v1.PartitionSearchRequest;
import dev.mekiki.schemas.v1.PartitionSearchResponse;
import dev.mekiki.schemas.v1.RoutingSnapshot;
import dev.mekiki.schemas.v1.WatchRoutingRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The `Index` gRPC service. Thread-safe; its methods read and compute on the caller's thread,
/// which must not be an event loop.
public final class IndexEndpoint extends IndexGrpc.IndexImplBase {
  /// Part of the time a caller grants that is kept for the way back.
  private static final int RESERVE_DIVISOR = 10;

  private static final long MIN_RESERVE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private final GenerationGeometry geometry;
  private final FilterableKeys filterable;
  private final PartitionSearcher searcher;
  private final ImageLister images;
  private final RoutingWatch routing;
  private final MatchSettings matching;
  private final CopyRule copyRule;
  private final @Nullable CopyFinder copies;
  private final RematchFinder rematch;
  private volatile @Nullable PlacedImageReader placedImages;
  private volatile GroupFinder groups = new GroupFinder(null);

  /// @param geometry the generation served
  /// @param filterable which metadata searches may filter by
  /// @param searcher searches the partitions hosted here
  /// @param routing publishes which instance hosts what
  /// @param matching what is a match
  /// @param copies searches the partitions of landmarks; null where copies are not looked for
  /// @param rematch matches again what is stored
  public IndexEndpoint(
      GenerationGeometry geometry,
      FilterableKeys filterable,
      PartitionSearcher searcher,
      RoutingWatch routing,
      MatchSettings matching,
      @Nullable CopySearcher copies,
      RematchFinder rematch) {
    this.geometry = geometry;
    this.filterable = filterable;
    this.searcher = searcher;
    this.images = new ImageLister(geometry, filterable, searcher);
    this.routing = routing;
    this.matching = matching;
    this.rematch = rematch;
    this.copyRule = new CopyRule(matching.policy());
    this.copies = copies == null ? null : new CopyFinder(geometry.bits(), copies);
  }

  /// Connects stores, which are there only once the address to advertise is.
  ///
  /// @param reader of placement
  /// @param groupReader of contents; null where groups are not kept
  public void connect(PlacedImageReader reader, @Nullable GroupReader groupReader) {
    placedImages = reader;
    groups = new GroupFinder(groupReader);
  }

  @Override
  public void partitionSearch(
      PartitionSearchRequest request, StreamObserver<PartitionSearchResponse> observer) {
    answer(observer, () -> search(request));
  }

  @Override
  public void getImage(
      GetPlacedImageRequest request, StreamObserver<GetPlacedImageResponse> observer) {
    answer(observer, () -> image(request));
  }

  @Override
  public void getPartitionSizes(
      GetPartitionSizesRequest request, StreamObserver<GetPartitionSizesResponse> observer) {
    answer(
        observer,
        () ->
            GetPartitionSizesResponse.newBuilder()
                .addAllSizes(
                    searcher.sizes(partitions(request.getPartitionsList()), request.getBuckets()))
                .addAllFilterableMetadata(filterable.keys())
                .build());
  }

  @Override
  public void listPartitionImages(
      ListPartitionImagesRequest request, StreamObserver<ListPartitionImagesResponse> observer) {
    ServiceRequestContext context = ServiceRequestContext.current();
    answer(observer, () -> images.list(request, expiry(context)));
  }

  @Override
  public void findCopies(FindCopiesRequest request, StreamObserver<FindCopiesResponse> observer) {
    answer(observer, () -> copies(request));
  }

  @Override
  public void getContentGroup(
      GetContentGroupRequest request, StreamObserver<GetContentGroupResponse> observer) {
    answer(observer, () -> groups.answer(reader -> reader.group(request)));
  }

  @Override
  public void listPartitionGroups(
      ListPartitionGroupsRequest request, StreamObserver<ListPartitionGroupsResponse> observer) {
    answer(observer, () -> groups.answer(reader -> reader.groups(request)));
  }

  @Override
  public void listMembers(
      ListMembersRequest request, StreamObserver<ListMembersResponse> observer) {
    answer(observer, () -> groups.answer(reader -> reader.members(request)));
  }

  @Override
  public void listContentImages(
      ListContentImagesRequest request, StreamObserver<ListContentImagesResponse> observer) {
    answer(observer, () -> groups.answer(reader -> reader.images(request)));
  }

  @Override
  public void getMatchRules(GetMatchRulesRequest request, StreamObserver<MatchRules> observer) {
    answer(observer, this::rules);
  }

  @Override
  public void awaitDecisions(
      AwaitDecisionsRequest request, StreamObserver<AwaitDecisionsResponse> observer) {
    answer(observer, () -> rematch.await(request));
  }

  @Override
  public void getArrivals(GetArrivalsRequest request, StreamObserver<Arrivals> observer) {
    answer(observer, () -> rematch.arrivals(request));
  }

  @Override
  public void listArrivals(
      ListArrivalsRequest request, StreamObserver<ListArrivalsResponse> observer) {
    answer(observer, () -> rematch.list(request));
  }

  @Override
  public void matchAgain(MatchAgainRequest request, StreamObserver<MatchAgainResponse> observer) {
    answer(observer, () -> rematch.match(request));
  }

  @Override
  public void getCopyArrivals(GetArrivalsRequest request, StreamObserver<Arrivals> observer) {
    answer(observer, () -> rematch.copyArrivals(request));
  }

  @Override
  public void findCopiesAgain(
      FindCopiesAgainRequest request, StreamObserver<FindCopiesAgainResponse> observer) {
    answer(observer, () -> rematch.findCopies(request));
  }

  private MatchRules rules() {
    MatchRules.Builder rules =
        MatchRules.newBuilder()
            .setGeneration(geometry.id())
            .setLimits(MatchEvents.limits(matching.policy()))
            .setMatching(matching.isOn())
            .setCopies(copies != null)
            .setTenantsShared(matching.origins().tenantsShared())
            .setSameSource(matching.origins().sameSource());
    rematch.describe(rules);
    searcher.stores().forEach(store -> rules.addAllQuarantines(store.quarantines()));
    if (copies != null) {
      rules.addAllQuarantines(copies.copies().quarantines());
    }
    return rules.build();
  }

  @Override
  public void watchRouting(WatchRoutingRequest request, StreamObserver<RoutingSnapshot> observer) {
    // It lasts as long as the caller wants.
    ServiceRequestContext.current().clearRequestTimeout();
    RoutingStream.begin(routing, (ServerCallStreamObserver<RoutingSnapshot>) observer);
  }

  static StatusRuntimeException copiesAreOff() {
    return refused(
        Status.FAILED_PRECONDITION, "copies are not looked for (expected: mekiki.match.copies=on)");
  }

  private FindCopiesResponse copies(FindCopiesRequest request) {
    RematchFinder.requireServed(request.getGeneration(), geometry);
    if (copies == null) {
      throw copiesAreOff();
    }
    return copies.find(request);
  }

  private PartitionSearchResponse search(PartitionSearchRequest request) {
    RematchFinder.requireServed(request.getGeneration(), geometry);
    if (request.getRadius() < 0 || request.getRadius() > geometry.bits()) {
      throw invalid("radius: %d (expected: 0..%d)".formatted(request.getRadius(), geometry.bits()));
    }
    if (request.getK() < 1 || request.getK() > SearchLimits.MAX_PARTITION_K) {
      throw invalid(
          "k: %d (expected: 1..%d, the most hits that an index instance returns)"
              .formatted(request.getK(), SearchLimits.MAX_PARTITION_K));
    }
    if (request.getHashCode().size() * Byte.SIZE != geometry.bits()) {
      throw invalid(
          "hash_code: %d bytes (expected: %d, as the generation's codes have %d bits)"
              .formatted(
                  request.getHashCode().size(), geometry.bits() / Byte.SIZE, geometry.bits()));
    }
    filterable
        .defect(request.getFilterMap())
        .ifPresent(defect -> {
          throw invalid(defect);
        });
    PartitionQuery query =
        new PartitionQuery(
            HashCode.fromBytes(request.getHashCode().toByteArray()),
            fingerprint(request),
            request.getRadius(),
            request.getK(),
            FilterableKeys.filter(
                request.getFilterMap(), request.hasTenant() ? request.getTenant() : null),
            expiry(ServiceRequestContext.current()));
    PartitionSearcher.Marks marks =
        request.hasPicture()
            ? new CopyMarks(
                copyRule, CopyFinder.picture(request.getPicture(), request.getFingerprint()))
            : PartitionSearcher.Marks.NONE;
    return searcher.search(
        partitions(request.getPartitionsList()),
        query,
        request.getDescribe() ? marks.and(PartitionSearcher.Marks.DESCRIPTION) : marks);
  }

  private static @Nullable Fingerprint fingerprint(PartitionSearchRequest request) {
    if (request.getFingerprint().isEmpty()) {
      return null;
    }
    if (request.getFingerprint().size() * Byte.SIZE != Fingerprint.BITS) {
      throw invalid(
          "fingerprint: %d bytes (expected: %d, or none)"
              .formatted(request.getFingerprint().size(), Fingerprint.BITS / Byte.SIZE));
    }
    // The quality of a query's fingerprint ranks nothing.
    return new Fingerprint(HashCode.fromBytes(request.getFingerprint().toByteArray()), 100);
  }

  private SortedSet<Integer> partitions(Iterable<Integer> asked) {
    SortedSet<Integer> partitions = new TreeSet<>();
    for (int partition : asked) {
      if (partition < 0 || partition >= geometry.partitions()) {
        throw invalid(
            "partition: %d (expected: 0..%d)".formatted(partition, geometry.partitions() - 1));
      }
      partitions.add(partition);
    }
    return partitions;
  }

  private GetPlacedImageResponse image(GetPlacedImageRequest request) {
    if (request.getImageId().isEmpty()) {
      throw invalid("image_id: '' (expected: 1 to 1024 bytes of UTF-8)");
    }
    PlacedImageReader reader = placedImages;
    if (reader == null) {
      throw refused(
          Status.UNAVAILABLE,
          "this instance is starting (expected: a call after /readyz says 200)");
    }
    @Nullable String tenant = request.hasTenant() ? request.getTenant() : null;
    return switch (reader.find(request.getImageId(), tenant)) {
      case PlacedImageReader.Lookup.Known(var image, var standby) -> {
        GetPlacedImageResponse.Builder response =
            GetPlacedImageResponse.newBuilder().setImage(image).setStandby(standby.isPresent());
        standby.ifPresent(lag -> response.setLag(lag.records()).setLagAgeMillis(lag.ageMillis()));
        yield response.build();
      }
      case PlacedImageReader.Lookup.Unknown() ->
          throw refused(
              Status.NOT_FOUND,
              "image_id: '%s' (expected: the id of an indexed image)"
                  .formatted(request.getImageId()));
      case PlacedImageReader.Lookup.Behind(var partition, var lag) ->
          throw refused(
              Status.UNAVAILABLE,
              "id partition %d is not up to date here and does not know the id: %s"
                  .formatted(
                      partition,
                      lag.map(known -> known.records() + " records behind")
                          .orElse("it is not known how far it is behind")));
      case PlacedImageReader.Lookup.NotHosted(var partition) ->
          throw refused(
              Status.FAILED_PRECONDITION,
              "image_id: '%s' lies in id partition %d (expected: one hosted here; WatchRouting says"
                      .formatted(request.getImageId(), partition)
                  + " which instance hosts it)");
    };
  }

  /// True from shortly before the caller's deadline, so that what was found until then still
  /// arrives; and from when the caller has gone away.
  private static BooleanSupplier expiry(ServiceRequestContext context) {
    long timeoutNanos = TimeUnit.MILLISECONDS.toNanos(context.requestTimeoutMillis());
    if (timeoutNanos == 0) {
      return context::isCancelled;
    }
    long reserve = Math.max(MIN_RESERVE_NANOS, timeoutNanos / RESERVE_DIVISOR);
    long start =
        context
            .log()
            .ensureAvailable(RequestLogProperty.REQUEST_START_TIME)
            .requestStartTimeNanos();
    return () -> context.isCancelled() || System.nanoTime() - start >= timeoutNanos - reserve;
  }

  private static <T> void answer(StreamObserver<T> observer, Supplier<T> answer) {
    T response;
    try {
      response = answer.get();
    } catch (StatusRuntimeException e) {
      observer.onError(e);
      return;
    }
    observer.onNext(response);
    observer.onCompleted();
  }

  static StatusRuntimeException invalid(String message) {
    return refused(Status.INVALID_ARGUMENT, message);
  }

  static StatusRuntimeException refused(Status status, String message) {
    return status.withDescription(message).asRuntimeException();
  }
}
