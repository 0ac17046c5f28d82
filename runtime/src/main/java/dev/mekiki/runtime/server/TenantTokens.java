package dev.mekiki.runtime.server;

import dev.mekiki.runtime.StartException;
import dev.mekiki.schemas.image.OriginName;
import dev.mekiki.schemas.text.BoundedText;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The tokens that are bound to tenants, from a directory: each file holds a token and is named by
/// its tenant. In a name `%` and two hexadecimal digits stand for a byte of UTF-8. Names that begin
/// with a dot are passed over: mounted secrets have such entries of their own.
///
/// The directory can be read again while requests are checked. Thread-safe.
final class TenantTokens {
  private static final Logger log = LoggerFactory.getLogger(TenantTokens.class);
  private static final String KEY = "mekiki.server.tenant-tokens";

  private final Path directory;
  private final Token service;

  /// By the digest of the token: how long a look-up takes says nothing about a token.
  private volatile Map<ByteBuffer, Bound> bound;

  private record Bound(String tenant, Token token) {}

  private TenantTokens(Path directory, Token service) {
    this.directory = directory;
    this.service = service;
    this.bound = read();
  }

  /// The tokens in a directory.
  ///
  /// @param service the service's own token, which can be no tenant's
  /// @throws StartException where the directory cannot be read, a name is no tenant's, a file holds
  ///   no token, or two hold the same
  static TenantTokens read(Path directory, Token service) {
    return new TenantTokens(directory, service);
  }

  /// Takes over what the directory holds now; keeps what it held where that cannot be.
  ///
  /// @throws StartException as {@link #read(Path, Token)} does
  void readAgain() {
    Map<ByteBuffer, Bound> before = bound;
    Map<ByteBuffer, Bound> now = read();
    if (!now.keySet().equals(before.keySet())
        || !tenants(now.values()).equals(tenants(before.values()))) {
      log.info("Tokens of tenants read directory={} tenants={}", directory, now.size());
    }
    bound = now;
  }

  /// Whom a request with this header comes from; null where it names no tenant's token. The time
  /// that it takes does not depend on how much of a wrong token is right.
  @Nullable Caller caller(@Nullable String authorization) {
    @Nullable String credential = Token.credential(authorization);
    if (credential == null) {
      return null;
    }
    @Nullable Bound found = bound.get(Token.digest(credential));
    return found != null && found.token().isNamedBy(authorization)
        ? new Caller(found.tenant())
        : null;
  }

  /// Number of tenants with a token.
  int size() {
    return bound.size();
  }

  private static Set<String> tenants(Collection<Bound> bound) {
    Set<String> tenants = new HashSet<>();
    bound.forEach(one -> tenants.add(one.tenant()));
    return tenants;
  }

  private Map<ByteBuffer, Bound> read() {
    Map<ByteBuffer, Bound> read = new HashMap<>();
    Map<String, Path> files = new HashMap<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path file : entries) {
        String name = file.getFileName().toString();
        if (name.startsWith(".")) {
          continue;
        }
        String tenant = tenant(name);
        @Nullable Path other = files.put(tenant, file);
        if (other != null) {
          throw new StartException(
              "%s: '%s' and '%s' are of one tenant (expected: one file a tenant)"
                  .formatted(KEY, other, file));
        }
        Token token = Token.read(KEY, file);
        if (token.isNamedBy(service.authorization())) {
          throw new StartException(
              "%s: '%s' holds the token of mekiki.server.token-file, which may everything (expected: another token for each tenant)"
                  .formatted(KEY, file));
        }
        @Nullable Bound same = read.put(token.digest(), new Bound(tenant, token));
        if (same != null) {
          throw new StartException(
              "%s: '%s' and '%s' hold the same token (expected: another one for each tenant)"
                  .formatted(KEY, files.get(same.tenant()), file));
        }
      }
    } catch (IOException e) {
      throw FileFailure.of(KEY, directory, e, "a directory with a token file for each tenant");
    } catch (DirectoryIteratorException e) {
      throw FileFailure.of(
          KEY,
          directory,
          Objects.requireNonNull(e.getCause()),
          "a directory with a token file for each tenant");
    }
    return Map.copyOf(read);
  }

  private String tenant(String fileName) {
    @Nullable String tenant = decoded(fileName);
    if (tenant == null || tenant.indexOf('/') >= 0) {
      throw new StartException(
          ("%s: '%s' is named by no tenant that a token can be bound to (expected: UTF-8, where"
                  + " %%25 stands for a percent sign, without '/': the ids of a tenant are those that"
                  + " begin with its name and '/')")
              .formatted(KEY, directory.resolve(fileName)));
    }
    try {
      return OriginName.checked("tenant", tenant);
    } catch (IllegalArgumentException e) {
      throw new StartException(
          "%s: '%s' is named by no tenant: %s"
              .formatted(KEY, directory.resolve(fileName), BoundedText.message(e)),
          e);
    }
  }

  private static @Nullable String decoded(String fileName) {
    try {
      // A plus stands for itself in a file's name.
      String name = URLDecoder.decode(fileName.replace("+", "%2B"), StandardCharsets.UTF_8);
      return name.indexOf('\uFFFD') >= 0 ? null : name;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
