package dev.mekiki.encoder.reference;

import dev.mekiki.schemas.text.BoundedText;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Where an image lies that is held elsewhere, in the one form that is both checked and fetched: so
/// no two readings of a URI can differ. Scheme and host are in lower case, a port is always known,
/// the path has no dot segments (RFC 3986, section 6.2.2), and what percent-encoding could hide is
/// decoded or refused.
///
/// Its text, {@link #toString}, leaves out the query, which may hold secrets.
///
/// @param scheme `file`, `http`, `https` or `s3`
/// @param host name or address, an IPv6 address in brackets; the bucket; empty of a file
/// @param port 1 to 65535; 0 of files and buckets
/// @param path begins with `/`; escapes are of UTF-8, in upper case
/// @param query as it was written, of web servers alone
public record ReferenceUri(
    String scheme, String host, int port, String path, @Nullable String query) {
  /// Most bytes of a URI.
  public static final int MAX_BYTES = 8192;

  private static final Set<String> SCHEMES = Set.of("file", "http", "https", "s3");
  private static final int HTTP_PORT = 80;
  private static final int HTTPS_PORT = 443;
  private static final int MAX_PORT = 65_535;

  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private static final Pattern BUCKET = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{1,253}");

  /// Hosts that some programs read as an IPv4 address in octal, hexadecimal or with fewer parts.
  private static final Pattern NUMERIC_HOST =
      Pattern.compile("(.*\\.)?([0-9]+|0[xX][0-9A-Fa-f]*)\\.?");

  /// An IPv4 address as it is written here: Java also takes other forms.
  static final Pattern IPV4 = Pattern.compile("(0|[1-9]\\d{0,2})(\\.(0|[1-9]\\d{0,2})){3}");

  /// Dots, slashes and backslashes that are encoded more than once.
  private static final Pattern NESTED_ESCAPE =
      Pattern.compile("%25(25)*(2E|2F|5C)", Pattern.CASE_INSENSITIVE);

  /// Scheme, slashes and, as far as there is some, user information.
  private static final Pattern USER_INFORMATION =
      Pattern.compile("^(?:[A-Za-z][A-Za-z0-9+.-]*:(?=[/\\\\]))?[/\\\\]*([^/\\\\]*@)");

  /// The URI that a text says.
  ///
  /// @throws ReferenceException of kind REFUSED, naming what would be accepted
  static ReferenceUri parse(String text) throws ReferenceException {
    return of(uri(text));
  }

  private static URI uri(String text) throws ReferenceException {
    if (text.isEmpty() || text.length() > MAX_BYTES) {
      throw refused("URI of %d characters (expected: 1 to %d)".formatted(text.length(), MAX_BYTES));
    }
    for (int i = 0; i < text.length(); i++) {
      char character = text.charAt(i);
      if (character <= ' ' || character > '~' || character == '\\') {
        throw refused(
            ("character U+%04X at %d (expected: ASCII without spaces, backslashes and control"
                    + " characters; others percent-encoded)")
                .formatted((int) character, i));
      }
    }
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      throw refused("no URI: %s at %d".formatted(e.getReason(), e.getIndex()));
    }
  }

  private static ReferenceUri of(URI uri) throws ReferenceException {
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    if (!SCHEMES.contains(scheme)) {
      throw refused(
          "scheme '%s' (expected: file, http, https or s3)".formatted(BoundedText.quote(scheme)));
    }
    if (uri.isOpaque()) {
      throw refused("no path (expected: such as %s:///path)".formatted(scheme));
    }
    if (uri.getRawFragment() != null) {
      throw refused("a fragment (expected: none)");
    }
    String authority = uri.getRawAuthority() == null ? "" : uri.getRawAuthority();
    if (authority.contains("@")) {
      throw refused(
          "user information (expected: none; mekiki.encoder.references.http-credentials-file"
              + " has credentials)");
    }
    String path = path(uri.getRawPath());
    if (scheme.startsWith("http")) {
      int port = uri.getPort() >= 0 ? uri.getPort() : defaultPort(scheme);
      if (port < 1 || port > MAX_PORT) {
        throw refused("port %d (expected: 1 to %d)".formatted(port, MAX_PORT));
      }
      return new ReferenceUri(scheme, host(uri.getHost()), port, path, uri.getRawQuery());
    }
    if (uri.getRawQuery() != null) {
      throw refused("a query (expected: none; a question mark in a name as %3F)");
    }
    if (scheme.equals("s3") && !BUCKET.matcher(authority).matches()) {
      throw refused("no bucket (expected: s3://bucket/key)");
    }
    if (scheme.equals("file") && !authority.isEmpty() && !authority.equals("localhost")) {
      throw refused("a file on another host (expected: file:///path)");
    }
    return new ReferenceUri(scheme, scheme.equals("file") ? "" : authority, 0, path, null);
  }

  private static String host(@Nullable String host) throws ReferenceException {
    if (host == null || host.isEmpty()) {
      throw refused(
          "no host (expected: a name of letters, digits and hyphens, an IPv4 address of four"
              + " decimal numbers, or an IPv6 address in brackets)");
    }
    if (host.startsWith("[")) {
      if (host.contains("%")) {
        throw refused("an address with a zone (expected: without)");
      }
      // One text for each address.
      InetAddress address = InetAddress.ofLiteral(host.substring(1, host.length() - 1));
      return address.getAddress().length == 4
          ? address.getHostAddress()
          : "[" + address.getHostAddress() + "]";
    }
    if (host.endsWith(".")) {
      throw refused("a host with a dot at its end (expected: without)");
    }
    if (NUMERIC_HOST.matcher(host).matches() && !IPV4.matcher(host).matches()) {
      throw refused(
          "a host that may be read as an address (expected: four decimal numbers without leading"
              + " zeros)");
    }
    return host.toLowerCase(Locale.ROOT);
  }

  private static String path(@Nullable String raw) throws ReferenceException {
    if (raw == null || raw.isEmpty()) {
      return "/";
    }
    String unescaped = unescaped(raw);
    if (NESTED_ESCAPE.matcher(unescaped).find()) {
      throw refused("a dot, slash or backslash that is encoded twice (expected: once or not)");
    }
    String path = withoutDotSegments(unescaped);
    if (decoded(path) == null) {
      throw refused("a path that is not UTF-8 (expected: percent-encoded UTF-8)");
    }
    return path;
  }

  /// The path with the escapes decoded that need none; those that could change its meaning are
  /// refused.
  private static String unescaped(String raw) throws ReferenceException {
    StringBuilder text = new StringBuilder(raw.length());
    for (int i = 0; i < raw.length(); i++) {
      char character = raw.charAt(i);
      if (character != '%') {
        text.append(character);
        continue;
      }
      // URI has seen to two digits behind each percent sign.
      int octet = HexFormat.fromHexDigits(raw, i + 1, i + 3);
      i += 2;
      if (octet < ' ' || octet == 0x7F || octet == '/' || octet == '\\') {
        throw refused(
            "an encoded slash, backslash or control character: %%%s (expected: none)"
                .formatted(HEX.toHexDigits((byte) octet)));
      }
      if (isUnreserved(octet)) {
        text.append((char) octet);
      } else {
        text.append('%').append(HEX.toHexDigits((byte) octet));
      }
    }
    return text.toString();
  }

  private static boolean isUnreserved(int octet) {
    return (octet >= 'a' && octet <= 'z')
        || (octet >= 'A' && octet <= 'Z')
        || (octet >= '0' && octet <= '9')
        || octet == '-'
        || octet == '.'
        || octet == '_'
        || octet == '~';
  }

  private static String withoutDotSegments(String path) throws ReferenceException {
    Deque<String> kept = new ArrayDeque<>();
    String[] segments = path.substring(1).split("/", -1);
    for (int i = 0; i < segments.length; i++) {
      String segment = segments[i];
      // Some servers leave out what follows a semicolon before they resolve dots.
      int end = segment.replace("%3B", ";").indexOf(';');
      String name = end < 0 ? segment : segment.substring(0, end);
      boolean isDots = name.equals(".") || name.equals("..");
      if (isDots && end >= 0) {
        throw refused("a segment of dots with parameters (expected: without)");
      }
      if (name.equals("..")) {
        String _ = kept.pollLast();
      }
      if (!isDots) {
        kept.add(segment);
      } else if (i == segments.length - 1) {
        kept.add("");
      }
    }
    return "/" + String.join("/", kept);
  }

  private static int defaultPort(String scheme) {
    return scheme.equals("http") ? HTTP_PORT : HTTPS_PORT;
  }

  private static ReferenceException refused(String message) {
    return ReferenceException.refused(message);
  }

  /// Where a redirect from here leads.
  ///
  /// @param location absolute or relative to this
  /// @throws ReferenceException as {@link #parse} does
  ReferenceUri redirected(String location) throws ReferenceException {
    return parse(URI.create(this + "").resolve(uri(location)).toString());
  }

  /// The path without percent-encoding.
  String decodedPath() {
    String decoded = decoded(path);
    if (decoded == null) {
      throw new IllegalStateException("path is not UTF-8");
    }
    return decoded;
  }

  private static @Nullable String decoded(String path) {
    byte[] octets = new byte[path.length()];
    int length = 0;
    for (int i = 0; i < path.length(); i++) {
      if (path.charAt(i) == '%') {
        octets[length++] = (byte) HexFormat.fromHexDigits(path, i + 1, i + 3);
        i += 2;
      } else {
        octets[length++] = (byte) path.charAt(i);
      }
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(octets, 0, length))
          .toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  /// What a web server is asked for: path and query.
  String target() {
    return query == null ? path : path + "?" + query;
  }

  /// The server, as far as fetches from one share its capacity: a web server or bucket; all files
  /// are one.
  String server() {
    String name = scheme + "://" + host;
    return port == 0 || port == defaultPort(scheme) ? name : name + ":" + port;
  }

  /// The URI without its query.
  @Override
  public String toString() {
    return server() + path;
  }

  /// A text that should be a URI, without what may be secret of it: user information, query and
  /// fragment. Whatever it is.
  public static String withoutSecrets(String text) {
    int end = 0;
    while (end < text.length() && text.charAt(end) != '?' && text.charAt(end) != '#') {
      end++;
    }
    String cut = text.substring(0, end);
    Matcher matcher = USER_INFORMATION.matcher(cut);
    return matcher.find()
        ? cut.substring(0, matcher.start(1)) + cut.substring(matcher.end(1))
        : cut;
  }
}
