package dev.mekiki.runtime.server;

import dev.mekiki.runtime.StartException;
import dev.mekiki.runtime.config.ReloadedFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The tokens of a file that is read again while requests are checked. Thread-safe.
final class Tokens {
  static final String KEY = "mekiki.server.tokens-file";

  private final ReloadedFile<Map<ByteBuffer, TokensFile.Listed>> file;
  private final @Nullable Integer requestsPerSecond;

  /// By the digest of the token: how long a look-up takes says nothing about a token.
  private volatile Map<ByteBuffer, Known> known;

  /// A token that is accepted.
  ///
  /// @param limit null where it has none
  record Known(Caller caller, @Nullable RateLimit limit) {}

  private Tokens(
      ReloadedFile<Map<ByteBuffer, TokensFile.Listed>> file, @Nullable Integer requestsPerSecond) {
    this.file = file;
    this.requestsPerSecond = requestsPerSecond;
    this.known = Map.of();
    readAgain();
  }

  /// The tokens in a file.
  ///
  /// @param requestsPerSecond of a token for which the file says none; null for no limit
  /// @throws StartException where it cannot be used
  static Tokens open(Path file, @Nullable Integer requestsPerSecond) {
    return new Tokens(ReloadedFile.open(KEY, file, TokensFile::read), requestsPerSecond);
  }

  /// Takes over what the file says now; keeps what it said where it cannot be used.
  void readAgain() {
    Map<String, RateLimit> before = new HashMap<>();
    for (Known one : known.values()) {
      if (one.limit() != null) {
        before.put(one.caller().name(), one.limit());
      }
    }
    Map<ByteBuffer, Known> now = new HashMap<>();
    file.content()
        .forEach((digest, listed) ->
            now.put(
                digest,
                new Known(
                    listed.caller(),
                    limit(listed.requestsPerSecond(), before.get(listed.caller().name())))));
    known = Map.copyOf(now);
  }

  /// @param before the limit of this token so far: how much of it is left still counts
  private @Nullable RateLimit limit(@Nullable Integer own, @Nullable RateLimit before) {
    @Nullable Integer perSecond = own == null ? requestsPerSecond : own;
    if (perSecond == null) {
      return null;
    }
    return before != null && before.perSecond() == perSecond ? before : new RateLimit(perSecond);
  }

  /// Whether those in force are of an earlier file, because the present one cannot be used.
  boolean isStale() {
    return file.isStale();
  }

  /// Which token a request with this header names; null where it names none of these. What is
  /// compared are digests, so the time that it takes says nothing about the tokens.
  @Nullable Known find(@Nullable String authorization) {
    @Nullable String credential = Token.credential(authorization);
    return credential == null ? null : known.get(Token.digest(credential));
  }

  /// Number of tokens.
  int size() {
    return known.size();
  }
}
