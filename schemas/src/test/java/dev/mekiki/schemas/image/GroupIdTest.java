package dev.mekiki.schemas.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GroupIdTest {
  private static final String HASH = "0123456789abcdef".repeat(4);

  @ParameterizedTest
  @ValueSource(strings = {"", "shop", "shop/eu", "50%", "a+b c", "%2F", "靴"})
  void idIsReadAsItIsWritten(String tenant) {
    String text = GroupId.of(tenant, HASH);

    assertThat(GroupId.parse(text)).isEqualTo(new GroupId(tenant, HASH)).hasToString(text);
    assertThat(text).endsWith(HASH);
    assertThat(text.chars().filter(c -> c == '/').count()).isEqualTo(tenant.isEmpty() ? 0 : 1);
  }

  @Test
  void idOfTheDefaultTenantIsTheHash() {
    assertThat(GroupId.of("", HASH)).isEqualTo(HASH);
    assertThat(GroupId.of("shop/eu", HASH)).isEqualTo("shop%2Feu/" + HASH);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "group", "0123", "shop/", "shop/0123", "%/", "%zz/"})
  void whatIsNoIdIsRefused(String text) {
    assertThatThrownBy(() -> GroupId.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("group id: '" + text + "'")
        .hasMessageContaining("expected: 64 hexadecimal digits");
    assertThatThrownBy(() -> GroupId.parse("shop/" + HASH.toUpperCase(Locale.ROOT)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
