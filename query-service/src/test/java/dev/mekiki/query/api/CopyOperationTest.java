package dev.mekiki.query.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.linecorp.armeria.client.ClientFactory;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.grpc.GrpcService;
import dev.mekiki.query.cluster.ClusterView;
import dev.mekiki.query.cluster.ImageLookup;
import dev.mekiki.query.cluster.IndexClients;
import dev.mekiki.query.cluster.Instance;
import dev.mekiki.query.encoder.Encoders;
import dev.mekiki.runtime.server.ClientAccess;
import dev.mekiki.schemas.search.SearchLimits;
import dev.mekiki.schemas.v1.AlignRequest;
import dev.mekiki.schemas.v1.AlignResponse;
import dev.mekiki.schemas.v1.AlignedCandidate;
import dev.mekiki.schemas.v1.AlignedCandidate.Result;
import dev.mekiki.schemas.v1.CopyHit;
import dev.mekiki.schemas.v1.CopyProposal;
import dev.mekiki.schemas.v1.DecidedBy;
import dev.mekiki.schemas.v1.EncodeResponse;
import dev.mekiki.schemas.v1.EncoderGrpc;
import dev.mekiki.schemas.v1.FindCopiesRequest;
import dev.mekiki.schemas.v1.FindCopiesResponse;
import dev.mekiki.schemas.v1.FoundCopy;
import dev.mekiki.schemas.v1.IndexGrpc;
import dev.mekiki.schemas.v1.IndexInstance;
import dev.mekiki.schemas.v1.SearchHit;
import dev.mekiki.schemas.v1.SearchRequest;
import dev.mekiki.schemas.v1.SoughtPicture;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// One index instance and one encoder that answer as the test says.
class CopyOperationTest {
  private static final EncodeResponse PICTURE =
      EncodeResponse.newBuilder()
          .setNetwork("network")
          .setWidth(640)
          .setHeight(480)
          .setSought(
              SoughtPicture.newBuilder()
                  .setLandmarks(ByteString.copyFromUtf8("landmarks"))
                  .setThumbnail(ByteString.copyFromUtf8("thumbnail")))
          .build();

  private final ClientFactory factory = ClientFactory.builder().build();
  private final List<FindCopiesRequest> asked = new CopyOnWriteArrayList<>();
  private final List<AlignRequest> aligned = new CopyOnWriteArrayList<>();
  private volatile FindCopiesResponse found = FindCopiesResponse.getDefaultInstance();
  private volatile @Nullable AlignResponse answer;

  private final Server server =
      Server.builder()
          .http(0)
          .gracefulShutdownTimeout(Duration.ZERO, Duration.ZERO)
          .service(
              GrpcService.builder()
                  .addService(new FakeIndex())
                  .addService(new FakeEncoder())
                  .build())
          .build();

  private final class FakeIndex extends IndexGrpc.IndexImplBase {
    @Override
    public void findCopies(
        FindCopiesRequest request, StreamObserver<FindCopiesResponse> responses) {
      asked.add(request);
      responses.onNext(found);
      responses.onCompleted();
    }
  }

  private final class FakeEncoder extends EncoderGrpc.EncoderImplBase {
    @Override
    public void align(AlignRequest request, StreamObserver<AlignResponse> responses) {
      aligned.add(request);
      AlignResponse response = answer;
      if (response == null) {
        responses.onError(Status.RESOURCE_EXHAUSTED.asRuntimeException());
      } else {
        responses.onNext(response);
        responses.onCompleted();
      }
    }
  }

  @BeforeEach
  void start() {
    server.start().join();
  }

  @AfterEach
  void stop() {
    // Armeria would wait 2 s more, for a thread that nobody needs.
    var _ = server.stop();
    factory.close();
  }

  @Test
  void candidatesAreAlignedTheLikeliestFirstAndCopiesListed() throws Exception {
    found = found(candidate("few", 2), candidate("many", 9), bytes("same"));
    answer = results(Result.COPY, Result.NEITHER);

    CopyOperation.Answer copies = search(PICTURE);

    assertThat(aligned)
        .singleElement()
        .satisfies(request -> {
          assertThat(request.getCandidatesList())
              .extracting(candidate -> candidate.getImageId())
              .containsExactly("many", "few");
          assertThat(request.getNetwork()).isEqualTo("network");
          assertThat(request.getWidth()).isEqualTo(640);
          assertThat(request.getThumbnail().toStringUtf8()).isEqualTo("thumbnail");
        });
    assertThat(copies.copies()).extracting(CopyHit::getImageId).containsExactly("same", "many");
    assertThat(copies.search().getComplete()).isTrue();
    assertThat(copies.search().getUnverified()).isZero();
    assertThat(asked)
        .singleElement()
        .satisfies(request -> {
          assertThat(request.getSought().toStringUtf8()).isEqualTo("landmarks");
          assertThat(request.getTenant()).isEqualTo("shop");
        });
  }

  @Test
  void whatIsNotVerifiedMakesTheSearchIncomplete() throws Exception {
    found = found(candidate("a", 9), candidate("b", 5), candidate("c", 3));
    answer = results(Result.COPY, Result.NOT_VERIFIED, Result.NEITHER);

    CopyOperation.Answer copies = search(PICTURE);
    assertThat(copies.copies()).extracting(CopyHit::getImageId).containsExactly("a");
    assertThat(copies.search().getComplete()).isFalse();
    assertThat(copies.search().getUnverified()).isEqualTo(1);
    assertThat(copies.search().getReason()).contains("1 candidates were not verified");

    // An answer that is too short verifies what it has.
    answer = results(Result.COPY);
    assertThat(search(PICTURE).search().getUnverified()).isEqualTo(2);
  }

  @Test
  void copiesThatBytesDecideAreGivenWhileNoEncoderAligns() throws Exception {
    found = found(candidate("a", 9), bytes("same"));

    CopyOperation.Answer copies = search(PICTURE);
    assertThat(copies.copies()).extracting(CopyHit::getImageId).containsExactly("same");
    assertThat(copies.search().getUnverified()).isOne();
    assertThat(copies.search().getReason())
        .contains("cannot be aligned now")
        .contains("RESOURCE_EXHAUSTED");
  }

  @Test
  void withoutThumbnailsNothingIsVerifiedAndThatIsSaid() throws Exception {
    found = found(candidate("a", 9));
    EncodeResponse.Builder picture = PICTURE.toBuilder();
    picture.getSoughtBuilder().clearThumbnail();

    CopyOperation.Answer copies = search(picture.build());
    assertThat(aligned).isEmpty();
    assertThat(copies.search().getComplete()).isFalse();
    assertThat(copies.search().getReason()).contains("mekiki.encoder.thumbnail-side");
  }

  @Test
  void encoderThatFoundNoLandmarksIsNamed() throws Exception {
    CopyOperation.Answer copies = search(PICTURE.toBuilder().clearSought().build());

    assertThat(asked).isEmpty();
    assertThat(copies.search().getComplete()).isFalse();
    assertThat(copies.search().getReason()).contains("mekiki.match.copies=on for every encoder");
  }

  @Test
  void pictureWithoutTextureIsSearchedForAndHasNoCopies() throws Exception {
    EncodeResponse.Builder picture = PICTURE.toBuilder();
    picture.getSoughtBuilder().clearLandmarks();

    CopyOperation.Answer copies = search(picture.build());
    assertThat(asked).isEmpty();
    assertThat(copies.search().getComplete()).isTrue();
  }

  @Test
  void candidatesBeyondTheLimitAreLeftOut() throws Exception {
    FindCopiesResponse.Builder many = FindCopiesResponse.newBuilder().setLeftOut(5);
    for (int i = 0; i < SearchLimits.MAX_ALIGNED + 10; i++) {
      many.addFound(candidate("image" + i, 2 + i));
    }
    found = many.build();
    answer = AlignResponse.getDefaultInstance();

    CopyOperation.Answer copies = search(PICTURE);
    assertThat(aligned.getFirst().getCandidatesCount()).isEqualTo(SearchLimits.MAX_ALIGNED);
    assertThat(copies.search().getLeftOut()).isEqualTo(15);
  }

  @Test
  void copiesAreLookedForInSearchesByImageAlone() {
    ClusterView on = view(2);
    ClusterView off = view(0);
    SearchRequest image =
        SearchRequest.newBuilder().setImage(ByteString.copyFromUtf8("image")).build();
    SearchRequest id = SearchRequest.newBuilder().setId("a").build();

    assertThat(CopyOperation.isWanted(image, on)).isTrue();
    assertThat(CopyOperation.isWanted(image, off)).isFalse();
    assertThat(CopyOperation.isWanted(id, on)).isFalse();
    assertThat(CopyOperation.isWanted(image.toBuilder().setCopies(false).build(), on)).isFalse();
    assertThat(CopyOperation.isWanted(image.toBuilder().setCopies(true).build(), on)).isTrue();
    assertThatThrownBy(() -> CopyOperation.isWanted(image.toBuilder().setCopies(true).build(), off))
        .hasMessageContaining("mekiki.match.copies=on");
    assertThatThrownBy(() -> CopyOperation.isWanted(id.toBuilder().setCopies(true).build(), on))
        .hasMessageContaining("search by id or code");
    assertThatThrownBy(() ->
            CopyOperation.isWanted(image.toBuilder().setCopies(true).build(), ClusterView.EMPTY))
        .hasMessageContaining("no index instance is known yet");
  }

  private CopyOperation.Answer search(EncodeResponse picture) throws InterruptedException {
    Duration limit = Duration.ofSeconds(20);
    IndexClients clients = new IndexClients(ClientAccess.NONE, factory);
    return new CopyOperation(
            clients,
            new Encoders(ClientAccess.NONE, factory, List.of(address())),
            new ImageLookup(clients, limit),
            new Backend.Limits(limit, limit, limit, limit, limit))
        .start(picture, "generation", view(1), new CopyOperation.Wanted(Map.of(), "shop"))
        .finish(List.<SearchHit>of());
  }

  private ClusterView view(int landmarkPartitions) {
    String address = server.activePort() == null ? "127.0.0.1:1" : address();
    return new ClusterView(
        List.of(
            new Instance(
                "generation",
                1,
                landmarkPartitions,
                0,
                IndexInstance.newBuilder()
                    .setAddress(address)
                    .addActiveLandmarkPartitions(0)
                    .build(),
                true)));
  }

  private String address() {
    return "127.0.0.1:" + server.activeLocalPort();
  }

  private static FindCopiesResponse found(FoundCopy... copies) {
    return FindCopiesResponse.newBuilder().addAllFound(List.of(copies)).build();
  }

  private static FoundCopy candidate(String id, int votes) {
    return FoundCopy.newBuilder()
        .setImageId(id)
        .addProposals(CopyProposal.newBuilder().setVotes(votes))
        .build();
  }

  private static FoundCopy bytes(String id) {
    return FoundCopy.newBuilder().setImageId(id).setDecidedBy(DecidedBy.BYTES).build();
  }

  private static AlignResponse results(Result... results) {
    AlignResponse.Builder response = AlignResponse.newBuilder();
    for (Result result : results) {
      response.addCandidates(AlignedCandidate.newBuilder().setResult(result));
    }
    return response.build();
  }
}
