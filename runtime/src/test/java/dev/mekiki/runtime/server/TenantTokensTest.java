package dev.mekiki.runtime.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mekiki.runtime.StartException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TenantTokensTest {
  private static final String KEY = "mekiki.server.tenant-tokens";
  private static final String SERVICE = "token-of-the-service";

  @TempDir private Path directory;

  private Path tokens = Path.of("");

  @BeforeEach
  void make() throws IOException {
    tokens = Files.createDirectory(directory.resolve("tokens"));
  }

  @Test
  void eachTokenNamesTheTenantOfItsFile() throws IOException {
    write("shop", "token-of-the-shop");
    write("archive", "token-of-the-archive");
    TenantTokens read = read();

    assertThat(tenant(read, "token-of-the-shop")).isEqualTo("shop");
    assertThat(tenant(read, "token-of-the-archive")).isEqualTo("archive");
    assertThat(read.size()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {SERVICE, "token-of-the-sho", "token-of-the-shop1", "Token-of-the-shop"})
  void nothingElseNamesOne(String token) throws IOException {
    write("shop", "token-of-the-shop");

    assertThat(read().caller("Bearer " + token)).isNull();
    assertThat(read().caller("Basic token-of-the-shop")).isNull();
    assertThat(read().caller("token-of-the-shop")).isNull();
    assertThat(read().caller(null)).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "a%20b, a b",
    "a+b, a+b",
    "%2Ehidden, .hidden",
    "100%25, 100%",
    "b%C3%BCro, b\u00fcro"
  })
  void namesAreWrittenWithEscapesWhereFilesCannotHaveThem(String file, String tenant)
      throws IOException {
    write(file, "token-of-the-shop");

    assertThat(tenant(read(), "token-of-the-shop")).isEqualTo(tenant);
  }

  @Test
  void entriesThatBeginWithADotArePassedOver() throws IOException {
    // As a mounted secret of Kubernetes has them.
    Files.createDirectory(tokens.resolve("..2026_11_30"));
    write("..2026_11_30/shop", "token-of-the-shop");
    Files.createSymbolicLink(tokens.resolve("..data"), Path.of("..2026_11_30"));
    Files.createSymbolicLink(tokens.resolve("shop"), Path.of("..data/shop"));
    write(".swp", "no");

    assertThat(tenant(read(), "token-of-the-shop")).isEqualTo("shop");
    assertThat(read().size()).isOne();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a%2Fb", "%", "%zz", "%FF", "line%0Abreak"})
  void namesThatAreNoTenantsAreRefused(String file) throws IOException {
    write(file, "token-of-the-shop");

    refused("'%s' is named by no tenant".formatted(tokens.resolve(file)));
  }

  @Test
  void namesAreBounded() throws IOException {
    write("x".repeat(129), "token-of-the-shop");

    refused("tenant: 129 bytes (expected: at most 128)");
  }

  @Test
  void oneTokenForTwoTenantsIsRefusedWithoutShowingIt() throws IOException {
    write("shop", "token-of-the-shop");
    write("shop~", "token-of-the-shop\n");

    refused("hold the same token");
  }

  @Test
  void tokenOfTheServiceIsNoTenants() throws IOException {
    write("shop", SERVICE);

    refused("'%s' holds the token of mekiki.server.token-file".formatted(tokens.resolve("shop")));
  }

  @Test
  void twoFilesForOneTenantAreRefused() throws IOException {
    write("shop", "token-of-the-shop");
    write("sho%70", "another-token-of-the-shop");

    refused("are of one tenant");
  }

  @Test
  void filesFollowTheRulesOfTheServicesToken() throws IOException {
    write("shop", "too short");
    refused("'%s' holds a token of 9 characters".formatted(tokens.resolve("shop")));

    Files.delete(tokens.resolve("shop"));
    Files.createDirectory(tokens.resolve("shop"));
    refused("'%s' cannot be read".formatted(tokens.resolve("shop")));
  }

  @Test
  void directoryMustBeThere() throws IOException {
    Files.delete(tokens);
    refused("'%s' cannot be read: there is no such file".formatted(tokens));

    Files.writeString(tokens, "token-of-the-shop");
    refused("'%s' cannot be read".formatted(tokens));
  }

  @Test
  void tenantsComeAndGoAndTokensChange() throws IOException {
    write("shop", "token-of-the-shop");
    TenantTokens read = read();
    Files.delete(tokens.resolve("shop"));
    write("archive", "token-of-the-archive");
    read.readAgain();

    assertThat(tenant(read, "token-of-the-shop")).isNull();
    assertThat(tenant(read, "token-of-the-archive")).isEqualTo("archive");

    write("archive", "next-token-of-the-archive");
    read.readAgain();
    assertThat(tenant(read, "token-of-the-archive")).isNull();
    assertThat(tenant(read, "next-token-of-the-archive")).isEqualTo("archive");
  }

  @Test
  void whatCannotBeReadAgainLeavesTheTokensThatThereWere() throws IOException {
    write("shop", "token-of-the-shop");
    TenantTokens read = read();
    write("archive", "half");

    assertThatThrownBy(read::readAgain).hasMessageContaining("a token of 4 characters");
    assertThat(tenant(read, "token-of-the-shop")).isEqualTo("shop");

    write("archive", "token-of-the-archive");
    read.readAgain();
    assertThat(tenant(read, "token-of-the-archive")).isEqualTo("archive");
  }

  private void refused(String reason) {
    assertThatThrownBy(this::read)
        .isInstanceOf(StartException.class)
        .hasMessageContaining(KEY)
        .hasMessageContaining(reason)
        .hasMessageContaining("expected")
        .hasMessageNotContaining("token-of-the-");
  }

  private TenantTokens read() {
    return TenantTokens.read(tokens, service());
  }

  private Token service() {
    try {
      return Token.read("service", Files.writeString(directory.resolve("token"), SERVICE));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static @Nullable String tenant(TenantTokens tokens, String token) {
    Caller caller = tokens.caller("Bearer " + token);
    return caller == null ? null : caller.tenant();
  }

  private void write(String file, String token) throws IOException {
    Files.writeString(tokens.resolve(file), token);
  }
}
