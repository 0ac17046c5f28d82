package dev.mekiki.runtime.server;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.mekiki.schemas.image.OriginName;
import dev.mekiki.schemas.text.BoundedText;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The format of the tokens file: JSON with the names, hashes, roles and tenants of tokens. It
/// holds no token, only the SHA-256 of each. That is enough, because a token is made of chance and
/// too long to be guessed.
final class TokensFile {
  static final int MAX_TOKENS = 10_000;
  private static final int MAX_BYTES = 4 << 20;
  private static final String PREFIX = "sha256:";
  private static final int SHA256_BYTES = 32;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
  private static final Set<String> RESERVED = Set.of(Caller.SERVICE.name(), Caller.ANYBODY.name());

  private static final ObjectReader JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          // What is wrong may be a secret: it is not quoted.
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .build()
          .readerFor(Content.class);

  private TokensFile() {}

  private record Content(@JsonProperty("tokens") @Nullable List<@Nullable Entry> tokens) {}

  private record Entry(
      @JsonProperty("name") @Nullable String name,
      @JsonProperty("token") @Nullable String token,
      @JsonProperty("roles") @Nullable List<@Nullable String> roles,
      @JsonProperty("tenant") @Nullable String tenant,
      @JsonProperty("requestsPerSecond") @Nullable Integer requestsPerSecond) {}

  /// A token that the file lists.
  ///
  /// @param requestsPerSecond null where the file does not say
  record Listed(Caller caller, @Nullable Integer requestsPerSecond) {}

  /// Tokens by their SHA-256.
  ///
  /// @throws IllegalArgumentException naming the entry that cannot be used, and why
  static Map<ByteBuffer, Listed> read(Path file) throws IOException {
    long size = Files.size(file);
    if (size > MAX_BYTES) {
      throw new IllegalArgumentException(
          "%d bytes (expected: at most %d)".formatted(size, MAX_BYTES));
    }
    List<@Nullable Entry> entries = entries(Files.readAllBytes(file));
    Map<ByteBuffer, Listed> listed = new HashMap<>();
    Set<String> names = new HashSet<>();
    for (int i = 0; i < entries.size(); i++) {
      String where = "tokens[%d]".formatted(i);
      @Nullable Entry entry = entries.get(i);
      if (entry == null) {
        throw expected(where, "null", "an object with name, token and roles");
      }
      Caller caller = caller(where, entry);
      if (!names.add(caller.name())) {
        throw expected(where + ".name", quoted(caller.name()) + " again", "another one for each");
      }
      @Nullable Integer rate = entry.requestsPerSecond();
      if (rate != null && (rate < 1 || rate > RateLimit.MAX_PER_SECOND)) {
        throw expected(
            where + ".requestsPerSecond", rate.toString(), "1.." + RateLimit.MAX_PER_SECOND);
      }
      @Nullable Listed other = listed.put(digest(where, entry.token()), new Listed(caller, rate));
      if (other != null) {
        throw expected(
            where + ".token",
            "the same as that of '%s'".formatted(other.caller().name()),
            "another one");
      }
    }
    return Map.copyOf(listed);
  }

  private static List<@Nullable Entry> entries(byte[] bytes) throws IOException {
    @Nullable Content content;
    try {
      content = JSON.readValue(bytes);
    } catch (JsonProcessingException e) {
      // Its message may quote a secret, so it is not the cause.
      throw new IllegalArgumentException(
          "%s (expected: JSON such as {\"tokens\": [{\"name\": \"me\", \"token\": \"sha256:...\","
                  .formatted(at(e))
              + " \"roles\": [\"read\"]}]})");
    }
    @Nullable List<@Nullable Entry> entries = content == null ? null : content.tokens();
    if (entries == null) {
      throw expected("tokens", "none", "a list, which may be empty");
    }
    if (entries.size() > MAX_TOKENS) {
      throw expected("tokens", Integer.toString(entries.size()), "at most " + MAX_TOKENS);
    }
    return entries;
  }

  private static String at(JsonProcessingException failure) {
    return failure.getLocation() == null
        ? "no JSON of this form"
        : "no JSON of this form: line %d, column %d"
            .formatted(failure.getLocation().getLineNr(), failure.getLocation().getColumnNr());
  }

  private static Caller caller(String where, Entry entry) {
    @Nullable String name = entry.name();
    if (name == null || !NAME.matcher(name).matches() || RESERVED.contains(name)) {
      throw expected(
          where + ".name",
          quoted(name),
          "1 to 64 letters, digits, '.', '_' and '-'; not 'service' or 'anybody'");
    }
    Set<Role> roles = roles(where + ".roles", entry.roles());
    @Nullable String tenant = entry.tenant();
    if (tenant != null) {
      checkTenant(where + ".tenant", tenant);
      if (roles.contains(Role.SERVICE)) {
        throw expected(where + ".roles", "service, with a tenant", "one of the two");
      }
    }
    return new Caller(name, tenant, roles);
  }

  private static Set<Role> roles(String where, @Nullable List<@Nullable String> names) {
    if (names == null || names.isEmpty()) {
      throw expected(where, "none", "some of " + allRoles());
    }
    EnumSet<Role> roles = EnumSet.noneOf(Role.class);
    for (@Nullable String name : names) {
      try {
        roles.add(Role.valueOf(String.valueOf(name).toUpperCase(Locale.ROOT)));
      } catch (IllegalArgumentException _) {
        throw expected(where, quoted(name), "some of " + allRoles());
      }
    }
    return roles;
  }

  private static String allRoles() {
    return String.join(", ", EnumSet.allOf(Role.class).stream().map(Role::text).toList());
  }

  private static void checkTenant(String where, String tenant) {
    if (tenant.isEmpty() || tenant.indexOf('/') >= 0) {
      throw expected(
          where,
          quoted(tenant),
          "a name without '/': the ids of a tenant are those that begin with its name and '/'");
    }
    try {
      var _ = OriginName.checked("tenant", tenant);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(where + ": " + BoundedText.message(e), e);
    }
  }

  private static ByteBuffer digest(String where, @Nullable String token) {
    if (token != null && token.startsWith(PREFIX)) {
      try {
        byte[] digest = HexFormat.of().parseHex(token, PREFIX.length(), token.length());
        if (digest.length == SHA256_BYTES) {
          return ByteBuffer.wrap(digest);
        }
      } catch (IllegalArgumentException _) {
        // Not hexadecimal.
      }
    }
    throw expected(
        where + ".token",
        token == null ? "none" : "something else",
        "'sha256:' and 64 hexadecimal digits, the SHA-256 of the token; not the token itself");
  }

  private static String quoted(@Nullable String value) {
    return value == null ? "none" : "'%s'".formatted(BoundedText.quote(value));
  }

  private static IllegalArgumentException expected(String where, String found, String expected) {
    return new IllegalArgumentException("%s: %s (expected: %s)".formatted(where, found, expected));
  }
}
