package dev.mekiki.encoder.reference;

import java.nio.file.Path;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.spi.Converter;

/// What the URI of an image held elsewhere may start with.
///
/// @param text in the form of {@link ReferenceUri#toString}; or a scheme alone, such as `https://`
public record AllowedPrefix(String text) {
  private static final Pattern SCHEME = Pattern.compile("(file|https?|s3)://");
  private static final String FILE = "file://";

  /// Whether a URI lies under this prefix: it is the same, or goes on behind a slash.
  boolean covers(ReferenceUri uri) {
    String whole = uri.toString();
    return whole.equals(text) || whole.startsWith(text.endsWith("/") ? text : text + "/");
  }

  /// Whether it is about files.
  boolean isOfFiles() {
    return text.startsWith(FILE);
  }

  /// The directory or file that it names, where it is about files.
  Path path() throws ReferenceException {
    return Path.of(text.equals(FILE) ? "/" : ReferenceUri.parse(text).decodedPath());
  }

  /// A URI without a query: `file:///data/images/`, `https://images.example.com/shop/`,
  /// `s3://bucket/`. A scheme alone, such as `https://`, allows all hosts.
  public static final class Format implements Converter<AllowedPrefix> {
    @Override
    public AllowedPrefix convert(String value) {
      String text = value.strip();
      if (SCHEME.matcher(text).matches()) {
        return new AllowedPrefix(text);
      }
      try {
        ReferenceUri uri = ReferenceUri.parse(text);
        if (uri.query() != null) {
          throw ReferenceException.refused("a query");
        }
        return new AllowedPrefix(uri.toString());
      } catch (ReferenceException e) {
        throw new IllegalArgumentException(
            "%s; expected: a URI without a query, such as https://images.example.com/shop/"
                .formatted(e.getMessage()),
            e);
      }
    }
  }
}
