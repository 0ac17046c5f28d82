package dev.mekiki.runtime.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mekiki.runtime.StartException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The format of the tokens file, and who a token says calls.
class TokensFileTest {
  private static final String UPLOAD = "token-of-the-upload";

  @TempDir private Path directory;

  @Test
  void aTokenSaysWhoCallsAndWhatItMayDo() throws IOException {
    Tokens tokens =
        read(
            """
            {"tokens": [
              {"name": "shop-upload", "token": "%s", "roles": ["write", "read"], "tenant": "shop"},
              {"name": "ops", "token": "%s", "roles": ["operate"]}
            ]}
            """
                .formatted(TestTokens.hash(UPLOAD), TestTokens.hash("token-of-the-operators")));

    assertThat(tokens.size()).isEqualTo(2);
    Caller upload = Objects.requireNonNull(caller(tokens, UPLOAD));
    assertThat(upload.name()).isEqualTo("shop-upload");
    assertThat(upload.tenant()).isEqualTo("shop");
    assertThat(upload.roles()).containsExactlyInAnyOrder(Role.READ, Role.WRITE);
    Caller operators = Objects.requireNonNull(caller(tokens, "token-of-the-operators"));
    assertThat(operators.tenant()).isNull();
    assertThat(operators.roles()).containsExactly(Role.OPERATE);
    assertThat(caller(tokens, "token-of-nobody")).isNull();
    // The hash is no token.
    assertThat(caller(tokens, TestTokens.hash(UPLOAD))).isNull();
    assertThat(tokens.find(null)).isNull();
    assertThat(tokens.find("Basic " + UPLOAD)).isNull();
  }

  @Test
  void aFileMayHoldNoToken() throws IOException {
    assertThat(read("{\"tokens\": []}").size()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``|no JSON of this form",
        "[]|no JSON of this form",
        "null|tokens: none (expected: a list",
        "{}|tokens: none (expected: a list",
        "{\"tokens\": [null]}|tokens[0]: null",
        "{\"tokens\": []} x|no JSON of this form",
        "{\"tokens\": [], \"tokens\": []}|no JSON of this form",
        "{\"tokens\": [{\"nam\": \"a\"}]}|no JSON of this form: line 1, column",
        "{\"tokens\": [{\"token\": \"HASH\", \"roles\": [\"read\"]}]}|tokens[0].name: none",
        "{\"tokens\": [{\"name\": \"a b\", \"token\": \"HASH\", \"roles\": [\"read\"]}]}|tokens[0].name: 'a b'",
        "{\"tokens\": [{\"name\": \"service\", \"token\": \"HASH\", \"roles\": [\"read\"]}]}|tokens[0].name: 'service'",
        "{\"tokens\": [{\"name\": \"a\", \"token\": \"HASH\"}]}|tokens[0].roles: none (expected: some of read, write, review, operate, service)",
        "{\"tokens\": [{\"name\": \"a\", \"token\": \"HASH\", \"roles\": []}]}|tokens[0].roles: none",
        "{\"tokens\": [{\"name\": \"a\", \"token\": \"HASH\", \"roles\": [\"admin\"]}]}|tokens[0].roles: 'admin'",
        "{\"tokens\": [{\"name\": \"a\", \"token\": \"HASH\", \"roles\": [\"service\"], \"tenant\": \"t\"}]}|service, with a tenant",
        "{\"tokens\": [{\"name\": \"a\", \"token\": \"HASH\", \"roles\": [\"read\"], \"tenant\": \"t/u\"}]}|tokens[0].tenant: 't/u'",
        "{\"tokens\": [{\"name\": \"a\", \"token\": \"HASH\", \"roles\": [\"read\"], \"tenant\": \"\"}]}|tokens[0].tenant: ''",
        "{\"tokens\": [{\"name\": \"a\", \"roles\": [\"read\"]}]}|tokens[0].token: none (expected: 'sha256:' and 64",
        "{\"tokens\": [{\"name\": \"a\", \"token\": \"sha256:12\", \"roles\": [\"read\"]}]}|tokens[0].token: something else",
        "{\"tokens\": [{\"name\": \"a\", \"token\": \"HASH\", \"roles\": [\"read\"], \"requestsPerSecond\": 0}]}|tokens[0].requestsPerSecond: 0 (expected: 1..1000000)",
        "{\"tokens\": [{\"name\": \"a\", \"token\": \"HASH\", \"roles\": [\"read\"], \"requestsPerSecond\": \"5\"}]}|no JSON of this form",
        "{\"tokens\": [ENTRY, ENTRY]}|tokens[1].name: 'e' again",
        "{\"tokens\": [ENTRY, {\"name\": \"f\", \"token\": \"HASH\", \"roles\": [\"read\"]}]}|tokens[1].token: the same as that of 'e'",
      })
  void whatCannotBeUsedIsNamed(String content, String message) {
    String entry = "{\"name\": \"e\", \"token\": \"HASH\", \"roles\": [\"read\"]}";
    String whole =
        content.replace("ENTRY", entry).replace("HASH", TestTokens.hash("some-token-of-a-test"));
    assertThatThrownBy(() -> read(whole))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("mekiki.server.tokens-file: '")
        .hasMessageContaining(message);
  }

  @Test
  void aTokenInTheClearIsRefusedAndNotRepeated() {
    for (String content :
        new String[] {
          "{\"tokens\": [{\"name\": \"a\", \"token\": \"%s\", \"roles\": [\"read\"]}]}",
          "{\"tokens\": [{\"name\": \"a\", \"token\": [\"%s\"], \"roles\": [\"read\"]}]}",
          "{\"tokens\": \"%s\"}",
          "%s"
        }) {
      assertThatThrownBy(() -> read(content.formatted(UPLOAD)))
          .isInstanceOf(StartException.class)
          .satisfies(failure ->
              assertThat(failure)
                  .hasStackTraceContaining("tokens-file")
                  .extracting(TokensFileTest::stackTrace)
                  .asString()
                  .doesNotContain(UPLOAD));
    }
  }

  @Test
  void aLargeFileIsNotRead() {
    assertThatThrownBy(() -> read(" ".repeat((4 << 20) + 1)))
        .hasMessageContaining("4194305 bytes (expected: at most 4194304)");
  }

  private static String stackTrace(Throwable failure) {
    java.io.StringWriter text = new java.io.StringWriter();
    failure.printStackTrace(new java.io.PrintWriter(text));
    return text.toString();
  }

  private Tokens read(String content) throws IOException {
    return Tokens.open(Files.writeString(directory.resolve("tokens.json"), content), null);
  }

  private static @Nullable Caller caller(Tokens tokens, String token) {
    Tokens.Known known = tokens.find("Bearer " + token);
    return known == null ? null : known.caller();
  }
}
