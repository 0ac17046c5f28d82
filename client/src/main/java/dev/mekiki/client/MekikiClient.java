package dev.mekiki.client;

import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.QueryParams;
import com.linecorp.armeria.common.QueryParamsBuilder;
import dev.mekiki.schemas.v1.CompareRequest;
import dev.mekiki.schemas.v1.CompareResponse;
import dev.mekiki.schemas.v1.DeleteImageResponse;
import dev.mekiki.schemas.v1.GetGroupRequest;
import dev.mekiki.schemas.v1.GetGroupResponse;
import dev.mekiki.schemas.v1.GetImageGroupRequest;
import dev.mekiki.schemas.v1.Image;
import dev.mekiki.schemas.v1.ListGroupsRequest;
import dev.mekiki.schemas.v1.ListGroupsResponse;
import dev.mekiki.schemas.v1.ListImagesRequest;
import dev.mekiki.schemas.v1.ListImagesResponse;
import dev.mekiki.schemas.v1.ListMatchesRequest;
import dev.mekiki.schemas.v1.ListMatchesResponse;
import dev.mekiki.schemas.v1.ListedImage;
import dev.mekiki.schemas.v1.PutImageRequest;
import dev.mekiki.schemas.v1.PutImageResponse;
import dev.mekiki.schemas.v1.PutImagesRequest;
import dev.mekiki.schemas.v1.PutImagesResponse;
import dev.mekiki.schemas.v1.SearchManyRequest;
import dev.mekiki.schemas.v1.SearchManyResponse;
import dev.mekiki.schemas.v1.SearchRequest;
import dev.mekiki.schemas.v1.SearchResponse;
import dev.mekiki.schemas.v1.Session;
import dev.mekiki.schemas.v1.SourceCoordinate;
import dev.mekiki.schemas.v1.Status;
import dev.mekiki.schemas.v1.StreamMatchesRequest;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The query service at one address. Calls block, and fail with a {@link MekikiException} whose
/// message can be shown to people. What may be done twice is done again where the service is
/// overloaded, not available or not reachable; it waits as long as `Retry-After` says. Thread-safe.
public final class MekikiClient implements AutoCloseable {
  private static final String IMAGES = "/v1/images";

  private final Transport transport;
  private final MekikiClientBuilder settings;

  MekikiClient(MekikiClientBuilder settings) {
    this.settings = settings;
    this.transport = new Transport(settings);
  }

  /// How a client calls.
  ///
  /// @param server `HOST:PORT` of a query service, or its URL, which says whether it speaks TLS
  public static MekikiClientBuilder builder(String server) {
    return new MekikiClientBuilder(server);
  }

  /// A client of a service that requires no token.
  ///
  /// @param server as for {@link #builder}
  /// @throws IllegalArgumentException where it is neither
  public static MekikiClient of(String server) {
    return builder(server).build();
  }

  /// The images nearest to a picture, an indexed image or a code.
  public SearchResponse search(SearchRequest request) {
    return transport.repeated(Requests.search(request), SearchResponse.newBuilder()).build();
  }

  /// Several searches in one call, each answered or refused independently.
  public SearchManyResponse search(SearchManyRequest request) {
    return transport
        .repeated(
            Requests.json(HttpMethod.POST, "/v1/batch/search", request),
            SearchManyResponse.newBuilder())
        .build();
  }

  /// Whether two images match, and why or why not.
  public CompareResponse compare(CompareRequest request) {
    return transport
        .repeated(
            Requests.json(HttpMethod.POST, "/v1/compare", request), CompareResponse.newBuilder())
        .build();
  }

  /// What is known of an image.
  ///
  /// @throws NotFoundException where it is not indexed
  public Image image(String id) {
    return transport
        .repeated(Requests.get(IMAGES, QueryParams.of("id", id)), Image.newBuilder())
        .build();
  }

  /// One page of the images of the index.
  public ListImagesResponse page(ListImagesRequest request) {
    return transport.repeated(Requests.images(request), ListImagesResponse.newBuilder()).build();
  }

  /// All images of the index, page by page as the stream is read. Fails, rather than to leave out a
  /// partition, where one does not answer.
  ///
  /// @param request which images; its `limit` is the length of a page
  public Stream<ListedImage> images(ListImagesRequest request) {
    ListImagesRequest complete = request.toBuilder().setRequireComplete(true).build();
    return Stream.<@Nullable ListImagesResponse>iterate(
            page(complete),
            Objects::nonNull,
            page -> {
              String cursor = Objects.requireNonNull(page).getNextCursor();
              return cursor.isEmpty() ? null : page(complete.toBuilder().setCursor(cursor).build());
            })
        .flatMap(page -> Objects.requireNonNull(page).getImagesList().stream());
  }

  /// Sends an image; returns once the broker has it.
  ///
  /// @param image not to be changed until this returns
  public SourceCoordinate put(String id, byte[] image) {
    return put(id, image, PutImageRequest.getDefaultInstance());
  }

  /// Sends an image; returns once the broker has it.
  ///
  /// @param image not to be changed until this returns
  /// @param muteMatches index it without events where it is the later one of a pair
  public SourceCoordinate put(
      String id, byte[] image, Map<String, String> metadata, boolean muteMatches) {
    return put(
        id,
        image,
        PutImageRequest.newBuilder().putAllMetadata(metadata).setMuteMatches(muteMatches).build());
  }

  /// Sends an image; returns once the broker has it.
  ///
  /// @param image not to be changed until this returns
  /// @param beside everything but id and image
  public SourceCoordinate put(String id, byte[] image, PutImageRequest beside) {
    return transport
        .repeated(
            Requests.put(beside.toBuilder().setId(id).clearImage().build(), image),
            PutImageResponse.newBuilder())
        .getSource();
  }

  /// Sends several small images in one call, each taken or refused independently. For many images,
  /// or large ones, see {@link #uploads}.
  public PutImagesResponse put(PutImagesRequest request) {
    return transport
        .repeated(
            Requests.json(HttpMethod.POST, "/v1/batch/images", request),
            PutImagesResponse.newBuilder())
        .build();
  }

  /// Sends images in any number, several at once, within a bound on the memory that they take.
  public Uploads uploads() {
    return new Uploads(this);
  }

  /// Deletes an image; one that was never seen is no error.
  public SourceCoordinate delete(String id) {
    return transport
        .repeated(
            Requests.delete(IMAGES, QueryParams.of("id", id)), DeleteImageResponse.newBuilder())
        .getSource();
  }

  /// Generation, partitions and counts.
  public Status status() {
    return transport.repeated(Requests.get("/v1/status"), Status.newBuilder()).build();
  }

  /// Who calls, and what its token allows.
  public Session session() {
    return transport.repeated(Requests.get("/v1/session"), Session.newBuilder()).build();
  }

  /// One page of the matches of the past, or of those after a position.
  public ListMatchesResponse page(ListMatchesRequest request) {
    return transport.repeated(Requests.matches(request), ListMatchesResponse.newBuilder()).build();
  }

  /// Matches as they are found. A stream that is interrupted goes on where it was; none is missing
  /// or doubled. To be closed.
  ///
  /// @param request from where, and whether to end with what is there now
  public MatchStream matches(StreamMatchesRequest request) {
    return new MatchStream(
        transport, settings, request, request.getFromBeginning() ? "" : present());
  }

  /// The matches after a position, and those to come.
  ///
  /// @param request `from_beginning` is of no account
  /// @param position that of an earlier stream or page
  public MatchStream matches(StreamMatchesRequest request, String position) {
    return new MatchStream(transport, settings, request, position);
  }

  /// Where those matches begin that are to come: so a stream loses none that is interrupted before
  /// the first of them.
  private String present() {
    return page(ListMatchesRequest.newBuilder().setLimit(1).build()).getPosition();
  }

  /// One page of the groups of images that are copies of one another.
  public ListGroupsResponse groups(ListGroupsRequest request) {
    QueryParamsBuilder parameters =
        Requests.page(request.hasLimit(), request.getLimit(), request.getCursor());
    if (request.hasTenant()) {
      parameters.add("tenant", request.getTenant());
    }
    return transport
        .repeated(Requests.get("/v1/groups", parameters.build()), ListGroupsResponse.newBuilder())
        .build();
  }

  /// A group, with one page of its members.
  ///
  /// @throws NotFoundException where it is gone
  public GetGroupResponse group(GetGroupRequest request) {
    QueryParams parameters =
        Requests.page(request.hasLimit(), request.getLimit(), request.getCursor()).build();
    return transport
        .repeated(
            Requests.get("/v1/groups/" + request.getId(), parameters),
            GetGroupResponse.newBuilder())
        .build();
  }

  /// The group that an image is in, with its first members.
  ///
  /// @throws NotFoundException where it is in none
  public GetGroupResponse groupOf(GetImageGroupRequest request) {
    QueryParams parameters =
        Requests.page(request.hasLimit(), request.getLimit(), "")
            .add("id", request.getImageId())
            .build();
    return transport
        .repeated(Requests.get("/v1/groups/of", parameters), GetGroupResponse.newBuilder())
        .build();
  }

  /// What people decide: mutes, verdicts, thresholds of tenants. Closed with this.
  public PolicyClient policy() {
    return new PolicyClient(transport);
  }

  @Override
  public void close() {
    transport.close();
  }
}
