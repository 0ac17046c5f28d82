package dev.mekiki.query;

import static dev.mekiki.query.TestHttp.encoded;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import com.google.protobuf.util.Timestamps;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.auth.AuthToken;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.runtime.config.Configuration;
import dev.mekiki.schemas.v1.GetGroupRequest;
import dev.mekiki.schemas.v1.GetGroupResponse;
import dev.mekiki.schemas.v1.GetImageGroupRequest;
import dev.mekiki.schemas.v1.Group;
import dev.mekiki.schemas.v1.GroupMember;
import dev.mekiki.schemas.v1.GroupsGrpc;
import dev.mekiki.schemas.v1.Image;
import dev.mekiki.schemas.v1.ImageCode;
import dev.mekiki.schemas.v1.ListGroupsRequest;
import dev.mekiki.schemas.v1.ListGroupsResponse;
import dev.mekiki.schemas.v1.MatchKind;
import io.grpc.StatusRuntimeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Groups as the API answers them, against two real index instances.
class GroupsIT {
  /// Images of the content that represents the large group, and of one that has joined it: more
  /// than it says to the representative.
  private static final int OWN = 130;

  private static final int JOINED = 120;

  @TempDir static Path directory;

  private static TestCluster cluster;
  private static TestHttp http;
  private static GroupsGrpc.GroupsBlockingStub grpc;
  private static final List<String> members = new ArrayList<>();
  private static long time = 1_700_000_000_000L;

  @BeforeAll
  static void start() throws Exception {
    cluster =
        new TestCluster(
            directory,
            Map.of(
                "mekiki.groups", "on",
                "mekiki.match.flood-limit", "0",
                "mekiki.match.max-events-per-arrival", "10"));
    http = cluster.http;
    grpc = cluster.client(GroupsGrpc.GroupsBlockingStub.class);
    for (int image = 0; image < OWN; image++) {
      members.add(send("own/%03d".formatted(image), "own", 0));
    }
    for (int image = 0; image < JOINED; image++) {
      members.add(send("joined/%03d".formatted(image), "joined", 5));
    }
    // An id that ends as the path of a group does.
    members.add(send("single/group", "single", 2));
    send("pair/1", "pair", 128);
    send("pair/2", "pair", 128);
    send("alone", "alone", 200);
    awaitGroups(2);
    await()
        .atMost(Duration.ofMinutes(3))
        .until(() -> ofImage("own/000").getGroup().getSize() == members.size());
  }

  @AfterAll
  static void stop() throws Exception {
    cluster.close();
  }

  private static String send(String id, String content, int fingerprint) throws ExecutionException {
    cluster.sendLater(id, code(id, content, fingerprint));
    return id;
  }

  /// @param fingerprint its distance from one without bits
  private static ImageCode.Builder code(String id, String content, int fingerprint)
      throws ExecutionException {
    byte[] bits = new byte[32];
    for (int bit = 0; bit < fingerprint; bit++) {
      bits[bit / Byte.SIZE] |= (byte) (1 << bit % Byte.SIZE);
    }
    return cluster
        .code(id, HashCode.of(TestCluster.BITS, 0))
        .setFingerprint(ByteString.copyFrom(bits))
        .setSha256(ByteString.copyFrom(TestCluster.sha256(content)))
        .setImageTime(Timestamps.fromMillis(time++));
  }

  private static void awaitGroups(int count) {
    await()
        .atMost(Duration.ofMinutes(3))
        .ignoreExceptions()
        .until(() ->
            grpc.listGroups(ListGroupsRequest.getDefaultInstance()).getGroupsCount() == count);
  }

  private static GetGroupResponse ofImage(String id) {
    return grpc.getImageGroup(GetImageGroupRequest.newBuilder().setImageId(id).build());
  }

  private static <B extends Message.Builder> B json(AggregatedHttpResponse response, B builder) {
    assertThat(response.status()).as(response.contentUtf8()).isEqualTo(HttpStatus.OK);
    try {
      JsonFormat.parser().merge(response.contentUtf8(), builder);
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(response.contentUtf8(), e);
    }
    return builder;
  }

  private static List<String> ids(Group group) {
    return group.getMembersList().stream().map(GroupMember::getImageId).toList();
  }

  @Test
  void membersAreListedInPagesWhereverTheyLie() {
    Group large = ofImage("joined/007").getGroup();
    assertThat(large.getKind()).isEqualTo(MatchKind.DUPLICATE);
    assertThat(large.getContents()).isEqualTo(3);
    assertThat(large.getSize()).isEqualTo(members.size());
    assertThat(large.getRepresentative().getImageId()).isEqualTo("own/000");
    assertThat(large.getMembersCount()).isEqualTo(100);
    assertThat(large.getTruncated()).isTrue();
    for (int limit : new int[] {1000, 100, 99, 37, 7}) {
      List<String> listed = new ArrayList<>();
      String cursor = "";
      do {
        GetGroupResponse page =
            json(
                    http.get(
                        "/v1/groups/%s?limit=%d&cursor=%s".formatted(large.getId(), limit, cursor)),
                    GetGroupResponse.newBuilder())
                .build();
        assertThat(page.getGroup().getMembersCount()).isLessThanOrEqualTo(limit);
        listed.addAll(ids(page.getGroup()));
        cursor = page.getNextCursor();
      } while (!cursor.isEmpty());
      assertThat(listed).as("limit %d", limit).containsExactlyElementsOf(members);
    }
  }

  @Test
  void groupsAreListedInPages() {
    Set<String> ids = new HashSet<>();
    String cursor = "";
    int pages = 0;
    do {
      ListGroupsResponse page =
          json(http.get("/v1/groups?limit=1&cursor=" + cursor), ListGroupsResponse.newBuilder())
              .build();
      page.getGroupsList().forEach(group -> ids.add(group.getRepresentative().getImageId()));
      cursor = page.getNextCursor();
      pages++;
    } while (!cursor.isEmpty() && pages < 10);
    assertThat(ids).containsExactlyInAnyOrder("own/000", "pair/1");
    assertThat(
            json(http.get("/v1/groups?tenant=nobody"), ListGroupsResponse.newBuilder())
                .getGroupsCount())
        .isZero();
    assertThat(
            json(http.get("/v1/groups?tenant="), ListGroupsResponse.newBuilder()).getGroupsCount())
        .isEqualTo(2);
  }

  @Test
  void theGroupOfAnImageIsFoundByItsIdWhateverThatIs() {
    String id = ofImage("own/000").getGroup().getId();
    for (String image : List.of("own/000", "joined/119", "single/group")) {
      assertThat(
              json(
                      http.get("/v1/groups/of?limit=3&id=" + encoded(image)),
                      GetGroupResponse.newBuilder())
                  .getGroup()
                  .getId())
          .isEqualTo(id);
      assertThat(
              json(
                      http.get("/v1/images/" + encoded(image) + "/group?limit=3"),
                      GetGroupResponse.newBuilder())
                  .getGroup()
                  .getId())
          .isEqualTo(id);
    }
    // An image that has the whole path as its id comes first.
    assertThat(json(http.get("/v1/images/single/group"), Image.newBuilder()).getId())
        .isEqualTo("single/group");
  }

  @Test
  void whatCannotBeAnsweredIsRefusedWithTheReason() {
    String id = ofImage("own/000").getGroup().getId();
    for (String[] refused :
        new String[][] {
          {"/v1/groups?limit=0", "400", "limit: 0 (expected: 1..1000)"},
          {"/v1/groups?limit=1001", "400", "limit: 1001 (expected: 1..1000)"},
          {"/v1/groups?cursor=no%20cursor", "400", "cursor: 'no cursor' (expected: the nextCursor"},
          {"/v1/groups?page=2", "400", "page: unknown parameter"},
          {"/v1/groups/" + id + "?limit=-1", "400", "limit: -1"},
          {"/v1/groups/" + id + "?cursor=AAAA", "400", "cursor: 'AAAA'"},
          {"/v1/groups/nothing", "400", "group id: 'nothing' (expected: 64 hexadecimal digits"},
          {"/v1/groups/" + "0".repeat(64), "404", "is none (expected: the id of a group"},
          {"/v1/groups/of", "400", "id: none (expected: the id of an image"},
          {"/v1/groups/of?id=alone", "404", "id: 'alone' is in no group"},
          {"/v1/groups/of?id=unknown", "404", "id: 'unknown' is not indexed"},
          {"/v1/images/unknown/group", "404", "id: 'unknown' is not indexed"}
        }) {
      AggregatedHttpResponse response = http.get(refused[0]);
      assertThat(response.status().codeAsText()).as(refused[0]).isEqualTo(refused[1]);
      assertThat(response.contentUtf8()).as(refused[0]).contains(refused[2]);
    }
    assertThatThrownBy(
            () -> grpc.getGroup(GetGroupRequest.newBuilder().setId("0".repeat(64)).build()))
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessageContaining("NOT_FOUND");
  }

  @Test
  void aTenantSeesItsOwnGroupsAlone() throws Exception {
    for (String image : List.of("shop/1", "shop/2")) {
      cluster.send(image, code(image, "pair", 128).setTenant("shop"));
    }
    Path tokens = new TestTokens().tenant("shop").write(directory.resolve("tokens.json"));
    Files.writeString(directory.resolve("service"), "token-of-the-service");
    QueryConfig config =
        Configuration.of(
            QueryConfig.class,
            Map.of(
                "mekiki.kafka.bootstrap-servers", cluster.broker.bootstrapServers(),
                "mekiki.query.port", "0",
                "mekiki.query.index-addresses", cluster.lines.getFirst().address(),
                "mekiki.server.token-file", directory.resolve("service").toString(),
                "mekiki.server.tokens-file", tokens.toString()));
    try (QueryService service = QueryService.start(config)) {
      service.awaitReady(Duration.ofSeconds(60));
      TestHttp shop =
          new TestHttp(
              WebClient.builder("http://" + service.address())
                  .auth(AuthToken.ofOAuth2("token-of-the-shop"))
                  .build());
      await()
          .atMost(Duration.ofMinutes(3))
          .until(() -> shop.get("/v1/groups/of?id=shop/2").status().equals(HttpStatus.OK));
      await()
          .atMost(Duration.ofMinutes(3))
          .until(() ->
              json(shop.get("/v1/groups"), ListGroupsResponse.newBuilder()).getGroupsCount() == 1);
      Group own =
          json(shop.get("/v1/groups/of?id=shop/1"), GetGroupResponse.newBuilder()).getGroup();
      assertThat(ids(own)).containsExactly("shop/1", "shop/2");
      assertThat(own.getTenant()).isEqualTo("shop");

      // Of the same bytes, and another tenant's.
      String others = ofImage("pair/1").getGroup().getId();
      assertThat(own.getId()).isEqualTo("shop/" + others);
      assertThat(shop.get("/v1/groups/" + own.getId()).status()).isEqualTo(HttpStatus.OK);
      assertThat(shop.get("/v1/groups/" + others).status()).isEqualTo(HttpStatus.NOT_FOUND);
      assertThat(shop.get("/v1/groups/of?id=pair/1").contentUtf8()).contains("is not indexed");
      assertThat(shop.get("/v1/groups?tenant=").status()).isEqualTo(HttpStatus.FORBIDDEN);
    }
    cluster.remove("shop/1");
    cluster.remove("shop/2");
    awaitGroups(2);
  }

  @Test
  void aGroupWhoseSecondLastMemberGoesIsDissolved() throws Exception {
    cluster.send("short/1", code("short/1", "short", 90));
    cluster.send("short/2", code("short/2", "short", 90));
    await()
        .atMost(Duration.ofMinutes(3))
        .ignoreExceptions()
        .until(() -> ofImage("short/2").getGroup().getSize() == 2);
    cluster.remove("short/1");
    await()
        .atMost(Duration.ofMinutes(3))
        .until(() -> http.get("/v1/groups/of?id=short/2").status().equals(HttpStatus.NOT_FOUND));
    awaitGroups(2);
  }
}
