package dev.mekiki.runtime.server;

import dev.mekiki.runtime.StartException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/// The secret that a caller names in the header `Authorization: Bearer TOKEN`. Immutable,
/// thread-safe; it is never printed.
final class Token {
  static final int MIN_LENGTH = 16;

  /// Headers together may have 8 KiB.
  static final int MAX_LENGTH = 4096;

  private static final String SCHEME = "Bearer ";

  private final String text;
  private final byte[] bytes;

  private Token(String text) {
    this.text = text;
    this.bytes = text.getBytes(StandardCharsets.UTF_8);
  }

  /// The token in a file.
  ///
  /// @param key what the file was named by, in messages
  /// @throws StartException where the file cannot be read or holds no token
  static Token read(String key, Path file) {
    String text;
    try {
      text = Files.readString(file).strip();
    } catch (CharacterCodingException e) {
      throw new StartException("%s: '%s' is not UTF-8".formatted(key, file), e);
    } catch (IOException e) {
      throw FileFailure.of(key, file, e, "a file with the token");
    }
    if (text.length() < MIN_LENGTH || text.length() > MAX_LENGTH) {
      throw new StartException(
          ("%s: '%s' holds a token of %d characters (expected: %d..%d; make one with"
                  + " `openssl rand -hex 32`)")
              .formatted(key, file, text.length(), MIN_LENGTH, MAX_LENGTH));
    }
    if (!text.chars().allMatch(Token::fitsHeader)) {
      throw new StartException(
          ("%s: '%s' holds a token with a space or a character that no header carries (expected:"
                  + " letters, digits and punctuation of ASCII)")
              .formatted(key, file));
    }
    return new Token(text);
  }

  /// Whether a request with this header may pass. The time that it takes does not depend on how
  /// much of a wrong token is right.
  boolean isNamedBy(@Nullable String authorization) {
    @Nullable String credential = credential(authorization);
    return credential != null
        && MessageDigest.isEqual(bytes, credential.getBytes(StandardCharsets.UTF_8));
  }

  /// What a header names as a token; null where it names none.
  static @Nullable String credential(@Nullable String authorization) {
    return authorization != null && authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        ? authorization.substring(SCHEME.length()).strip()
        : null;
  }

  /// The SHA-256 of what a header names as a token.
  static ByteBuffer digest(String credential) {
    try {
      return ByteBuffer.wrap(
          MessageDigest.getInstance("SHA-256").digest(credential.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /// The SHA-256 of this token.
  ByteBuffer digest() {
    return digest(text);
  }

  /// The token itself.
  String text() {
    return text;
  }

  /// The header that names it.
  String authorization() {
    return SCHEME + text;
  }

  private static boolean fitsHeader(int character) {
    return character > ' ' && character <= '~';
  }
}
