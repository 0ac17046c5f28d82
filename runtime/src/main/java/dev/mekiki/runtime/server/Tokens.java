package dev.mekiki.runtime.server;

import dev.mekiki.runtime.StartException;
import dev.mekiki.runtime.config.ReloadedFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The tokens of a file that is read again while requests are checked. Thread-safe.
final class Tokens {
  static final String KEY = "mekiki.server.tokens-file";

  private final ReloadedFile<Map<ByteBuffer, Caller>> file;

  /// By the digest of the token: how long a look-up takes says nothing about a token.
  private volatile Map<ByteBuffer, Caller> callers;

  private Tokens(ReloadedFile<Map<ByteBuffer, Caller>> file) {
    this.file = file;
    this.callers = file.content();
  }

  /// The tokens in a file.
  ///
  /// @throws StartException where it cannot be used
  static Tokens open(Path file) {
    return new Tokens(ReloadedFile.open(KEY, file, TokensFile::read));
  }

  /// Takes over what the file says now; keeps what it said where it cannot be used.
  void readAgain() {
    callers = file.content();
  }

  /// Whether those in force are of an earlier file, because the present one cannot be used.
  boolean isStale() {
    return file.isStale();
  }

  /// Whom a request with this header comes from; null where it names none of these tokens. What is
  /// compared are digests, so the time that it takes says nothing about the tokens.
  @Nullable Caller caller(@Nullable String authorization) {
    @Nullable String credential = Token.credential(authorization);
    return credential == null ? null : callers.get(Token.digest(credential));
  }

  /// Number of tokens.
  int size() {
    return callers.size();
  }
}
