package dev.mekiki.launcher.command.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.QueryParams;
import com.linecorp.armeria.server.Route;
import com.linecorp.armeria.server.Server;
import dev.mekiki.launcher.command.Execution;
import dev.mekiki.launcher.command.HttpJson;
import dev.mekiki.launcher.command.options.ExitCode;
import dev.mekiki.schemas.v1.GetStatusRequest;
import dev.mekiki.schemas.v1.MekikiGrpc;
import dev.mekiki.schemas.v1.SearchRequest;
import dev.mekiki.schemas.v1.SearchResponse;
import dev.mekiki.schemas.v1.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tenants and sources on the command line, against a service that keeps what it is asked.
class TenantOptionsTest {
  @TempDir private Path directory;

  private final Service service = new Service();
  private final Server server =
      Server.builder()
          .http(0)
          .service(
              Route.builder().methods(HttpMethod.PUT).path("/v1/images").build(),
              (ctx, _) -> service.put(ctx.queryParams()))
          .service(HttpJson.of(service))
          .build();

  private static final class Service extends MekikiGrpc.MekikiImplBase {
    final List<QueryParams> sent = new CopyOnWriteArrayList<>();
    final List<SearchRequest> searched = new CopyOnWriteArrayList<>();

    @Override
    public void getStatus(GetStatusRequest request, StreamObserver<Status> response) {
      response.onNext(
          Status.newBuilder().setVersion("1").setPartitions(8).setTenant("shop").build());
      response.onCompleted();
    }

    HttpResponse put(QueryParams parameters) {
      sent.add(parameters);
      return HttpResponse.of(MediaType.JSON_UTF_8, "{}");
    }

    @Override
    public void search(SearchRequest request, StreamObserver<SearchResponse> response) {
      searched.add(request);
      response.onNext(SearchResponse.newBuilder().setComplete(true).build());
      response.onCompleted();
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
  }

  @Test
  void imagesAreSentInTheNameOfATenantAndASource() throws IOException {
    Path image = Files.write(directory.resolve("a.jpg"), new byte[] {(byte) 0xFF, (byte) 0xD8, -1});

    assertThat(
            run("ingest", "--tenant", "shop", "--source", "camera 7", image.toString()).exitCode())
        .isEqualTo(ExitCode.OK);
    assertThat(service.sent)
        .singleElement()
        .satisfies(sent -> {
          assertThat(sent.get("tenant")).isEqualTo("shop");
          assertThat(sent.get("source")).isEqualTo("camera 7");
        });

    assertThat(run("ingest", image.toString()).exitCode()).isEqualTo(ExitCode.OK);
    assertThat(service.sent.getLast().names()).doesNotContain("tenant", "source");
  }

  @Test
  void imagesOfOneTenantAreSearched() {
    run("search", "--id", "a", "--tenant", "shop");
    run("search", "--id", "a", "--tenant", "");
    run("search", "--id", "a");

    assertThat(service.searched.get(0).getTenant()).isEqualTo("shop");
    assertThat(service.searched.get(1).hasTenant()).isTrue();
    assertThat(service.searched.get(1).getTenant()).isEmpty();
    assertThat(service.searched.get(2).hasTenant()).isFalse();
  }

  @Test
  void statusSaysWhoseItIsInPlaceOfFigures() {
    Execution status = run("status");

    assertThat(status.out()).contains("tenant", "shop").doesNotContain("images");
  }

  private Execution run(String command, String... options) {
    String[] arguments = new String[options.length + 2];
    arguments[0] = "--server";
    arguments[1] = "127.0.0.1:" + server.activeLocalPort();
    System.arraycopy(options, 0, arguments, 2, options.length);
    return Execution.ofCommand(command, arguments);
  }
}
