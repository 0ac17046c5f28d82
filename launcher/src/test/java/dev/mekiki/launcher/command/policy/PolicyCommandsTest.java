package dev.mekiki.launcher.command.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.Timestamps;
import com.linecorp.armeria.server.Server;
import dev.mekiki.launcher.command.Execution;
import dev.mekiki.launcher.command.HttpJson;
import dev.mekiki.launcher.command.options.ExitCode;
import dev.mekiki.schemas.v1.CancelRematchRequest;
import dev.mekiki.schemas.v1.CreateMuteRequest;
import dev.mekiki.schemas.v1.DecidedBy;
import dev.mekiki.schemas.v1.DeleteMuteRequest;
import dev.mekiki.schemas.v1.DeleteVerdictRequest;
import dev.mekiki.schemas.v1.GetRematchRequest;
import dev.mekiki.schemas.v1.ListMutesRequest;
import dev.mekiki.schemas.v1.ListMutesResponse;
import dev.mekiki.schemas.v1.ListQuarantineRequest;
import dev.mekiki.schemas.v1.ListQuarantineResponse;
import dev.mekiki.schemas.v1.ListTenantsRequest;
import dev.mekiki.schemas.v1.ListTenantsResponse;
import dev.mekiki.schemas.v1.ListVerdictsRequest;
import dev.mekiki.schemas.v1.ListVerdictsResponse;
import dev.mekiki.schemas.v1.MatchKind;
import dev.mekiki.schemas.v1.Mute;
import dev.mekiki.schemas.v1.PolicyGrpc;
import dev.mekiki.schemas.v1.PutVerdictRequest;
import dev.mekiki.schemas.v1.QuarantinedPicture;
import dev.mekiki.schemas.v1.Rematch;
import dev.mekiki.schemas.v1.Rematch.State;
import dev.mekiki.schemas.v1.StartRematchRequest;
import dev.mekiki.schemas.v1.TenantSettings;
import dev.mekiki.schemas.v1.Verdict;
import dev.mekiki.schemas.v1.Verdict.Decision;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The commands against a service that keeps what it is asked for.
class PolicyCommandsTest {
  private static final String HEX = "0f".repeat(32);

  @TempDir private Path directory;

  private final Receiver receiver = new Receiver();
  private final Server server = Server.builder().http(0).service(HttpJson.of(receiver)).build();

  @BeforeEach
  void start() {
    server.start().join();
  }

  @AfterEach
  void stop() {
    // Armeria would wait 2 s more, for a thread that nobody needs.
    var _ = server.stop();
  }

  @Test
  void muteNamesAnImageAFingerprintOrAFile() throws Exception {
    Execution image = execute("mute", "add", "--image", "a\nb", "--reason", "logo");
    assertThat(image.out()).isEqualTo("muted image/a\\nb%n".formatted());
    assertThat(receiver.mute.getReason()).isEqualTo("logo");
    assertThat(receiver.mute.getAuthor()).isEqualTo(System.getProperty("user.name"));
    assertThat(receiver.mute.hasTenant()).isFalse();
    assertThat(receiver.mute.hasRadius()).isFalse();

    execute(
        "mute",
        "add",
        "--fingerprint",
        HEX,
        "--radius",
        "0",
        "--tenant",
        "",
        "--author",
        "ann",
        "--reason",
        "x",
        "--force");
    assertThat(receiver.mute.getFingerprint().getFingerprint()).isEqualTo(HEX);
    assertThat(receiver.mute.getRadius()).isZero();
    assertThat(receiver.mute.hasRadius()).isTrue();
    assertThat(receiver.mute.hasTenant()).isTrue();
    assertThat(receiver.mute.getAuthor()).isEqualTo("ann");
    assertThat(receiver.mute.getForce()).isTrue();

    Path file = Files.writeString(directory.resolve("logo.png"), "picture");
    Execution json = execute("mute", "add", "--file", file.toString(), "--reason", "x", "--json");
    assertThat(receiver.mute.getImage().toStringUtf8()).isEqualTo("picture");
    assertThat(json.json().get("id").asText()).startsWith("fingerprint/");
  }

  @Test
  void muteNeedsOneThingAndAReason() {
    execute("mute", "add", "--reason", "x").assertFailedWith(ExitCode.USAGE, "--image");
    execute("mute", "add", "--image", "a").assertFailedWith(ExitCode.USAGE, "--reason");
    execute("mute", "add", "--image", "a", "--fingerprint", HEX, "--reason", "x")
        .assertFailedWith(ExitCode.USAGE, "mutually exclusive");
    execute("mute", "add", "--file", "nowhere.png", "--reason", "x")
        .assertFailedWith(ExitCode.FAILED, "nowhere.png");
    Execution.of("mute").assertFailedWith(ExitCode.USAGE, "a command is missing");
  }

  @Test
  void mutesAreListedAndRemoved() throws Exception {
    assertThat(execute("mute", "list").out()).contains("nothing is muted");
    receiver.mutes.add(
        Mute.newBuilder().setId("image/a").setAuthor("ann").setReason("our logo").build());
    assertThat(execute("mute", "list").out()).contains("TIME", "image/a", "ann", "our logo");
    assertThat(execute("mute", "list", "--json").json().get("id").asText()).isEqualTo("image/a");

    assertThat(execute("mute", "remove", "image/a").out()).contains("removed image/a");
    assertThat(receiver.removed).containsExactly("image/a");
    execute("mute", "remove", "image/no").assertFailedWith(ExitCode.FAILED, "is no mute");
  }

  @Test
  void quarantineIsListed() throws Exception {
    assertThat(execute("quarantine", "list").out()).contains("nothing is in quarantine");
    receiver.quarantine =
        ListQuarantineResponse.newBuilder()
            .addPictures(
                QuarantinedPicture.newBuilder()
                    .setFingerprint(HEX)
                    .setRadius(31)
                    .setImages(60123)
                    .addAllExamples(List.of("a\nb", "c", "d")))
            .setLeftOut(7)
            .build();
    Execution listed = execute("quarantine", "list");
    assertThat(listed.out())
        .contains("IMAGES", "60123", "a\\nb, c, ...")
        .contains("mekiki mute add --fingerprint " + HEX + " --radius 31");
    assertThat(listed.err()).contains("7 more pictures", "not every index instance answered");
    assertThat(execute("quarantine", "list", "--json").json().get("fingerprint").asText())
        .isEqualTo(HEX);
    Execution.of("quarantine").assertFailedWith(ExitCode.USAGE, "a command is missing");
  }

  @Test
  void pairIsConfirmedDismissedAndWithdrawn() {
    assertThat(execute("review", "confirm", "a", "b").out()).contains("confirmed a and b");
    assertThat(receiver.judged.getDecision()).isEqualTo(Decision.CONFIRMED);
    assertThat(receiver.judged.getAuthor()).isEqualTo(System.getProperty("user.name"));

    execute(
        "review",
        "dismiss",
        "a",
        "b",
        "--note",
        "series",
        "--kind",
        "DUPLICATE",
        "--decided-by",
        "ALIGNMENT");
    assertThat(receiver.judged)
        .isEqualTo(
            PutVerdictRequest.newBuilder()
                .setA("a")
                .setB("b")
                .setDecision(Decision.DISMISSED)
                .setAuthor(System.getProperty("user.name"))
                .setNote("series")
                .setKind(MatchKind.DUPLICATE)
                .setDecidedBy(DecidedBy.ALIGNMENT)
                .build());

    assertThat(execute("review", "withdraw", "a", "b").out()).contains("withdrawn");
    assertThat(receiver.withdrawn.getA()).isEqualTo("a");
    assertThat(receiver.withdrawn.getB()).isEqualTo("b");
    execute("review", "withdraw", "some-id");
    assertThat(receiver.withdrawn.getId()).isEqualTo("some-id");
    execute("review", "withdraw").assertFailedWith(ExitCode.USAGE, "A B|ID");
    execute("review", "confirm", "a").assertFailedWith(ExitCode.USAGE, "B");
    execute("review", "confirm", "a", "nowhere")
        .assertFailedWith(ExitCode.FAILED, "'nowhere' is not indexed");
  }

  @Test
  void verdictsAreListedPageByPage() throws Exception {
    assertThat(execute("review", "list").out()).contains("nothing was judged");
    judge(1500);
    assertThat(execute("review", "list").out().lines())
        .hasSize(101)
        .last()
        .asString()
        .contains("n99");
    assertThat(execute("review", "list", "--limit", "1200", "--json").out().lines()).hasSize(1200);
    assertThat(receiver.limits).endsWith(1000, 200);
    execute("review", "list", "--limit", "0").assertFailedWith(ExitCode.USAGE, "--limit: 0");
  }

  @Test
  void reportSaysHowPreciseMatchingIs() throws Exception {
    Execution none = execute("review", "report");
    assertThat(none.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(none.out()).contains("nothing was judged");

    judge(1500);
    Path output = directory.resolve("review");
    Execution report = execute("review", "report", "--output", output.toString());
    assertThat(report.exitCode()).isEqualTo(ExitCode.OK);
    assertThat(report.out())
        .contains("DUPLICATE by fingerprint  1350       150        90.0 %")
        .contains("precision of 99 %: no fingerprint radius")
        .contains("precision of 90 %: fingerprint radius 9 (90.0 % of 1500 judged pairs; 100.0 %")
        .contains("what made no event was judged by nobody");
    assertThat(Files.readString(output.resolve("review.svg"))).startsWith("<svg");
    assertThat(Files.readString(output.resolve("review.json"))).contains("\"by_radius\"");
    assertThat(execute("review", "report", "--json").json().at("/all/confirmed").asInt())
        .isEqualTo(1350);
  }

  @Test
  void thresholdsOfTenantsAreSetListedAndReset() throws Exception {
    assertThat(execute("tenant", "list").out()).contains("no tenant");
    assertThat(execute("tenant", "set", "shop", "--fingerprint-radius", "12").out())
        .contains("tenant 'shop': fingerprint radius 12");
    assertThat(receiver.tenants.getLast().getFingerprintRadius()).isEqualTo(12);
    assertThat(execute("tenant", "list").out()).contains("shop", "12");
    assertThat(execute("tenant", "reset", "").out()).contains("of the generation");
    assertThat(receiver.tenants.getLast().hasFingerprintRadius()).isFalse();
    execute("tenant", "set", "shop").assertFailedWith(ExitCode.USAGE, "--fingerprint-radius");
  }

  @Test
  void rematchIsBegunFollowedShownAndCancelled() throws Exception {
    Execution done =
        execute(
            "rematch",
            "--since",
            "2026-11-01T00:00:00Z",
            "--tenant",
            "",
            "--fingerprint-radius",
            "20",
            "--rate",
            "7",
            "--author",
            "ann");
    assertThat(done.exitCode()).isEqualTo(ExitCode.OK);
    assertThat(done.out())
        .startsWith("preparing%n".formatted())
        .contains("running: 5 of 10 images, 1 new events, 2 known")
        .endsWith("done: 10 of 10 images, 3 new events, 4 known%n".formatted());
    assertThat(receiver.rematch)
        .isEqualTo(
            StartRematchRequest.newBuilder()
                .setSince(Timestamps.fromMillis(1793491200000L))
                .setTenant("")
                .setFingerprintRadius(20)
                .setRate(7)
                .setAuthor("ann")
                .build());
    assertThat(execute("rematch", "status").out()).startsWith("done: 10 of 10");

    Execution detached = execute("rematch", "--detach", "--json");
    assertThat(detached.json().at("/state").asText()).isEqualTo("PREPARING");
    assertThat(receiver.rematch.hasSince()).isFalse();
    assertThat(receiver.rematch.hasTenant()).isFalse();
    assertThat(receiver.rematch.hasFingerprintRadius()).isFalse();
    assertThat(receiver.rematch.hasRate()).isFalse();
    assertThat(execute("rematch", "cancel", "--author", "bob").out())
        .contains("cancelled", "by bob");
    execute("rematch", "--since", "yesterday").assertFailedWith(ExitCode.USAGE, "since");
  }

  /// One of ten pairs is dismissed, at each of ten distances.
  private void judge(int pairs) {
    for (int i = 0; i < pairs; i++) {
      receiver.verdicts.add(
          Verdict.newBuilder()
              .setId("id" + i)
              .setSha256A("a")
              .setSha256B("b")
              .setNote("n" + i)
              .setDecision(i / 10 % 10 == 0 ? Decision.DISMISSED : Decision.CONFIRMED)
              .setKind(MatchKind.DUPLICATE)
              .setDecidedBy(DecidedBy.FINGERPRINT)
              .setFingerprintDistance(i % 10)
              .build());
    }
  }

  private Execution execute(String... arguments) {
    return Execution.of(
        Stream.concat(
                Stream.of(arguments),
                Stream.of("--server", "127.0.0.1:" + server.activeLocalPort()))
            .toArray(String[]::new));
  }

  /// Keeps what it was asked for.
  private static final class Receiver extends PolicyGrpc.PolicyImplBase {
    final List<Mute> mutes = new ArrayList<>();
    final List<String> removed = new ArrayList<>();
    final List<Verdict> verdicts = new ArrayList<>();
    final List<Integer> limits = new ArrayList<>();
    final List<TenantSettings> tenants = new ArrayList<>();
    private final Deque<Rematch> states = new ArrayDeque<>();
    StartRematchRequest rematch = StartRematchRequest.getDefaultInstance();
    CreateMuteRequest mute = CreateMuteRequest.getDefaultInstance();
    PutVerdictRequest judged = PutVerdictRequest.getDefaultInstance();
    DeleteVerdictRequest withdrawn = DeleteVerdictRequest.getDefaultInstance();
    ListQuarantineResponse quarantine = ListQuarantineResponse.getDefaultInstance();

    @Override
    public void createMute(CreateMuteRequest request, StreamObserver<Mute> responses) {
      mute = request;
      String id =
          request.getImageId().isEmpty() ? "fingerprint/" + HEX : "image/" + request.getImageId();
      answer(responses, Mute.newBuilder().setId(id).build());
    }

    @Override
    public void listMutes(ListMutesRequest request, StreamObserver<ListMutesResponse> responses) {
      answer(responses, ListMutesResponse.newBuilder().addAllMutes(mutes).build());
    }

    @Override
    public void deleteMute(DeleteMuteRequest request, StreamObserver<Mute> responses) {
      if (request.getId().equals("image/no")) {
        responses.onError(
            Status.NOT_FOUND.withDescription("id: 'image/no' is no mute").asRuntimeException());
        return;
      }
      removed.add(request.getId());
      answer(responses, Mute.getDefaultInstance());
    }

    @Override
    public void putVerdict(PutVerdictRequest request, StreamObserver<Verdict> responses) {
      judged = request;
      if (request.getB().equals("nowhere")) {
        responses.onError(
            Status.NOT_FOUND.withDescription("id: 'nowhere' is not indexed").asRuntimeException());
        return;
      }
      answer(responses, Verdict.newBuilder().setDecision(request.getDecision()).build());
    }

    @Override
    public void listVerdicts(
        ListVerdictsRequest request, StreamObserver<ListVerdictsResponse> responses) {
      limits.add(request.getLimit());
      int from = request.getCursor().isEmpty() ? 0 : Integer.parseInt(request.getCursor());
      int to = Math.min(verdicts.size(), from + request.getLimit());
      answer(
          responses,
          ListVerdictsResponse.newBuilder()
              .addAllVerdicts(verdicts.subList(from, to))
              .setNextCursor(to == verdicts.size() ? "" : Integer.toString(to))
              .build());
    }

    @Override
    public void deleteVerdict(DeleteVerdictRequest request, StreamObserver<Verdict> responses) {
      withdrawn = request;
      answer(responses, Verdict.getDefaultInstance());
    }

    @Override
    public void listQuarantine(
        ListQuarantineRequest request, StreamObserver<ListQuarantineResponse> responses) {
      answer(responses, quarantine);
    }

    @Override
    public void listTenants(
        ListTenantsRequest request, StreamObserver<ListTenantsResponse> responses) {
      answer(responses, ListTenantsResponse.newBuilder().addAllTenants(tenants).build());
    }

    @Override
    public void putTenant(TenantSettings request, StreamObserver<TenantSettings> responses) {
      tenants.add(request);
      answer(responses, request);
    }

    @Override
    public void startRematch(StartRematchRequest request, StreamObserver<Rematch> responses) {
      rematch = request;
      Rematch begun = Rematch.newBuilder().setState(State.PREPARING).build();
      Rematch.Builder next = begun.toBuilder().setImagesInTotal(10);
      states.clear();
      states.add(next.setState(State.RUNNING).setImages(5).setEvents(1).setKnown(2).build());
      states.add(next.setState(State.DONE).setImages(10).setEvents(3).setKnown(4).build());
      answer(responses, begun);
    }

    @Override
    public void getRematch(GetRematchRequest request, StreamObserver<Rematch> responses) {
      answer(responses, states.size() > 1 ? states.remove() : states.element());
    }

    @Override
    public void cancelRematch(CancelRematchRequest request, StreamObserver<Rematch> responses) {
      answer(
          responses,
          Rematch.newBuilder()
              .setState(State.CANCELLED)
              .setCancelledBy(request.getAuthor())
              .build());
    }

    private static <T> void answer(StreamObserver<T> responses, T response) {
      responses.onNext(response);
      responses.onCompleted();
    }
  }
}
