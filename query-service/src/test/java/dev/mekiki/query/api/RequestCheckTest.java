package dev.mekiki.query.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Timestamp;
import dev.mekiki.schemas.v1.SearchRequest;
import io.grpc.Status;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestCheckTest {
  private static final String CODE = "0123456789abcdef";

  private final RequestCheck check = new RequestCheck(1_000, 2_048, "shop-tenant");

  @Test
  void nearestTenAtAnyDistanceByDefault() {
    assertThat(check.limits(SearchRequest.getDefaultInstance(), 64))
        .isEqualTo(new RequestCheck.SearchLimits(64, 10, false));
  }

  @Test
  void radiusAloneAsksForAllWithinIt() {
    assertThat(check.limits(SearchRequest.newBuilder().setRadius(0).build(), 64))
        .isEqualTo(new RequestCheck.SearchLimits(0, 1_000, true));
  }

  @Test
  void radiusAndKAskForTheNearestWithin() {
    assertThat(check.limits(SearchRequest.newBuilder().setRadius(5).setK(1_000).build(), 64))
        .isEqualTo(new RequestCheck.SearchLimits(5, 1_000, false));
  }

  @Test
  void imageOfExactlyTheLimitIsAccepted() {
    check.imageBytes(2_048);
    refused(() -> check.imageBytes(2_049), "image: 2049 bytes (expected: 1..2048");
    refused(() -> check.imageBytes(0), "image: 0 bytes (expected: 1..2048");
  }

  @Test
  void expiryLiesInTheFuture() {
    assertThat(RequestCheck.expires(null, 5)).isNull();
    assertThat(RequestCheck.expires(6L, 5)).isEqualTo(6);
    refused(
        () -> RequestCheck.expires(5L, 5),
        "expires: 1970-01-01T00:00:00.005Z is an expiry in the past (expected: a time after");
    refused(
        () -> RequestCheck.millis("expires", Timestamp.newBuilder().setSeconds(1L << 60).build()),
        "expires: 1152921504606846976 s, 0 ns (expected: a time in years 1 to 9999)");
  }

  @Test
  void idIsAtMostOneKibibyte() {
    assertThat(check.id("x".repeat(1_024)).value()).hasSize(1_024);
    refused(() -> check.id("é".repeat(513)), "image id: 1026 bytes (expected: 1 to 1024");
    refused(() -> check.id("\ud800"), "lone surrogate");
  }

  @Test
  void codeOfAnotherLengthNamesTheLengthOfThisGeneration() {
    refused(
        () -> RequestCheck.code(CODE, 128),
        "16 characters (expected: 32 hexadecimal digits, the 128 bits of a hash code)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "content-type",
        "Content-Type",
        "ce_id",
        "CE_dataref",
        "mekiki-mute",
        "mekiki-tenant",
        "shop-tenant",
        "Shop-Tenant"
      })
  void metadataCannotTakeTheNamesOfHeadersWithAMeaning(String name) {
    refused(() -> check.metadata(Map.of(name, "value")), "metadata name: '%s'".formatted(name));
  }

  @Test
  void metadataIsBounded() {
    Map<String, String> most = Map.of("n", "v".repeat(64 * 1_024 - 1));
    assertThat(check.metadata(most)).isEqualTo(most);
    refused(
        () -> check.metadata(Map.of("n", "v".repeat(64 * 1_024))),
        "metadata: 65537 bytes (expected: at most 65536");
  }

  @Test
  void filterIsBoundedAsMetadataIs() {
    SearchRequest.Builder request =
        SearchRequest.newBuilder().setCode(CODE).putFilter("n", "v".repeat(64 * 1_024 - 1));
    assertThat(check.limits(request.build(), 64).radius()).isEqualTo(64);
    refused(
        () -> check.limits(request.putFilter("m", "").build(), 64),
        "filter: 65537 bytes (expected: at most 65536");
  }

  private static void refused(Runnable request, String message) {
    assertThatThrownBy(request::run)
        .isInstanceOfSatisfying(
            ApiException.class,
            refusal ->
                assertThat(refusal.status().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT))
        .hasMessageContaining(message);
  }
}
