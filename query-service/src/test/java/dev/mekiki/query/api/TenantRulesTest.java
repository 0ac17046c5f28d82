package dev.mekiki.query.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mekiki.runtime.server.Caller;
import dev.mekiki.runtime.server.Role;
import dev.mekiki.schemas.image.ImageId;
import io.grpc.Status;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TenantRulesTest {
  private static final Caller SHOP = new Caller("shop-1", "shop", Set.of(Role.READ, Role.WRITE));

  private final TenantRules apart = new TenantRules(false);
  private final TenantRules shared = new TenantRules(true);

  @Test
  void boundCallerSeesItsOwnUnlessTenantsAreShared() {
    assertThat(apart.seen(SHOP)).isEqualTo("shop");
    assertThat(shared.seen(SHOP)).isNull();
    assertThat(apart.seen(Caller.SERVICE)).isNull();
  }

  @Test
  void searchFindsWhatTheCallerSeesOrLess() {
    assertThat(apart.searched(SHOP, null)).isEqualTo("shop");
    assertThat(apart.searched(SHOP, "shop")).isEqualTo("shop");
    assertThat(apart.searched(Caller.SERVICE, null)).isNull();
    assertThat(apart.searched(Caller.SERVICE, "")).isEmpty();
    assertThat(apart.searched(Caller.SERVICE, "other")).isEqualTo("other");
    assertThat(shared.searched(SHOP, null)).isNull();
    assertThat(shared.searched(SHOP, "other")).isEqualTo("other");
  }

  @ParameterizedTest
  @ValueSource(strings = {"other", "", "Shop", "shop/", "shop "})
  void anotherTenantIsNotSearchedByABoundCaller(String named) {
    refused(
        () -> apart.searched(SHOP, named),
        Status.Code.PERMISSION_DENIED,
        "tenant: '%s' (expected: 'shop', which the token is bound to, or none)".formatted(named));
  }

  @Test
  void imageBecomesTheCallersOrTheOneNamed() {
    assertThat(apart.owner(Caller.SERVICE, id("a"), null)).isEmpty();
    assertThat(apart.owner(Caller.SERVICE, id("a"), "other")).isEqualTo("other");
    assertThat(apart.owner(SHOP, id("shop/a"), null)).isEqualTo("shop");
    assertThat(shared.owner(SHOP, id("shop/a"), "shop")).isEqualTo("shop");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "shop", "shopping/a", "other/a", "Shop/a", "/shop/a", " shop/a"})
  void boundCallerChangesNoIdOfOthersNotEvenWhereTenantsAreShared(String id) {
    for (TenantRules rules : new TenantRules[] {apart, shared}) {
      String refusal =
          "id: '%s' (expected: one that begins with 'shop/', because the token is bound to the tenant 'shop')"
              .formatted(id);
      refused(() -> rules.owner(SHOP, id(id), null), Status.Code.PERMISSION_DENIED, refusal);
      refused(() -> rules.checkChange(SHOP, id(id)), Status.Code.PERMISSION_DENIED, refusal);
    }
    apart.checkChange(Caller.SERVICE, id(id));
    apart.checkChange(SHOP, id("shop/" + id));
  }

  @Test
  void boundCallerSendsNothingInAnothersName() {
    for (TenantRules rules : new TenantRules[] {apart, shared}) {
      refused(
          () -> rules.owner(SHOP, id("shop/a"), "other"),
          Status.Code.PERMISSION_DENIED,
          "tenant: 'other' (expected: 'shop'");
      refused(
          () -> rules.owner(SHOP, id("shop/a"), ""),
          Status.Code.PERMISSION_DENIED,
          "tenant: '' (expected: 'shop'");
    }
  }

  @Test
  void namesAreBounded() {
    refused(
        () -> apart.searched(Caller.SERVICE, "x".repeat(10_240)),
        Status.Code.INVALID_ARGUMENT,
        "tenant: 10240 bytes (expected: at most 128)");
    refused(
        () -> apart.owner(Caller.SERVICE, id("a"), "x".repeat(129)),
        Status.Code.INVALID_ARGUMENT,
        "tenant: 129 bytes (expected: at most 128)");
    refused(
        () -> TenantRules.checked("source", "line\nbreak"),
        Status.Code.INVALID_ARGUMENT,
        "source: 'line\\nbreak' (expected: no control characters)");
    refused(
        () -> apart.searched(Caller.SERVICE, "\ud800"),
        Status.Code.INVALID_ARGUMENT,
        "tenant: text with a lone surrogate");
    // What is refused for another reason is quoted in part alone.
    assertThatThrownBy(() -> apart.searched(SHOP, "x".repeat(10_240)))
        .satisfies(refusal -> assertThat(refusal.getMessage()).hasSizeLessThan(300));
  }

  private static ImageId id(String id) {
    return new ImageId(id);
  }

  private static void refused(ThrowingCallable call, Status.Code code, String message) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ApiException.class, refusal -> assertThat(refusal.status().getCode()).isEqualTo(code))
        .hasMessageContaining(message);
  }
}
