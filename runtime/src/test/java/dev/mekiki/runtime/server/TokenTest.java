package dev.mekiki.runtime.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mekiki.runtime.StartException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenTest {
  private static final String KEY = "mekiki.server.token-file";
  private static final String TEXT = "0123456789abcdef";

  @TempDir private Path directory;

  @Test
  void whiteSpaceAroundItDoesNotCount() throws IOException {
    Token token = token("\n  " + TEXT + " \n");

    assertThat(token.authorization()).isEqualTo("Bearer " + TEXT);
    assertThat(token.isNamedBy("Bearer " + TEXT)).isTrue();
    assertThat(token.isNamedBy("bearer  " + TEXT)).isTrue();
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {
        "",
        "Bearer",
        "Bearer ",
        TEXT,
        "Basic " + TEXT,
        "Bearer 0123456789abcde",
        "Bearer 0123456789abcdef0",
        "Bearer 0123456789abcdeF",
        "Bearer 0123456789abcdeg"
      })
  void nothingElseNamesIt(@Nullable String authorization) throws IOException {
    assertThat(token(TEXT).isNamedBy(authorization)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "'', 0 characters",
    "'  ', 0 characters",
    "0123456789abcde, 15 characters",
    "01234567 89abcdef, with a space",
    "0123456789abcdef\u00e9, no header carries",
  })
  void anUnfitTokenIsRefusedWithoutShowingIt(String text, String reason) {
    assertThatThrownBy(() -> token(text))
        .isInstanceOf(StartException.class)
        .hasMessageContaining(KEY)
        .hasMessageContaining(directory.resolve("token").toString())
        .hasMessageContaining(reason)
        .hasMessageContaining("expected")
        .hasMessageNotContaining("01234567");
  }

  @Test
  void aFileThatIsNotTextIsRefused() throws IOException {
    Path file = Files.write(directory.resolve("token"), new byte[] {(byte) 0xff, (byte) 0xfe});

    assertThatThrownBy(() -> Token.read(KEY, file))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("is not UTF-8");
  }

  @Test
  void aMissingFileIsNamed() {
    Path file = directory.resolve("none");

    assertThatThrownBy(() -> Token.read(KEY, file))
        .isInstanceOf(StartException.class)
        .hasMessageContaining(KEY)
        .hasMessageContaining(file.toString());
  }

  private Token token(String text) throws IOException {
    return Token.read(KEY, Files.writeString(directory.resolve("token"), text));
  }
}
