package dev.mekiki.encoder.reference;

import dev.mekiki.runtime.config.Converters;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.spi.Converter;

/// `mekiki.encoder.references.*`: images that are held elsewhere.
public interface ReferenceConfig {
  /// What may be fetched where a record names an image by `ce_dataref`: a prefix ends at a slash,
  /// so `https://a.example/b` covers `https://a.example/b/c` and not `https://a.example/bc`.
  /// Redirects must lie under one, too. Absent: nothing is fetched.
  Optional<List<@WithConverter(AllowedPrefix.Format.class) AllowedPrefix>> allowed();

  /// How long one attempt may take, from looking up the name to the last byte, redirects included.
  @WithConverter(FetchLimit.class)
  @WithDefault("10s")
  Duration timeout();

  /// Most redirects of one attempt.
  @WithConverter(Redirects.class)
  @WithDefault("3")
  int redirects();

  /// Most attempts for failures that may pass: time-outs, connections that fail, answers of 5xx,
  /// 408 and 429.
  @WithConverter(Attempts.class)
  @WithDefault("3")
  int attempts();

  /// Most references that are fetched at once; one server or bucket has at most half of them.
  @WithConverter(AtOnce.class)
  @WithDefault("32")
  int atOnce();

  /// Networks and servers that may be fetched from although their addresses are not public:
  /// `10.1.0.0/16`, `fd00::/8`, `minio:9000`. Absent: none.
  Optional<List<@WithConverter(PrivateNetwork.Format.class) PrivateNetwork>> privateNetworks();

  /// File with credentials for web servers: lines of a URI prefix, a space and the value of the
  /// header `Authorization`. Read again when it changes.
  Optional<Path> httpCredentialsFile();

  /// Region of `s3:` URIs.
  @WithConverter(Region.class)
  @WithDefault("us-east-1")
  String s3Region();

  /// Store that speaks the protocol of S3, such as `http://minio:9000`; its address need not be
  /// public. Absent: that of Amazon in the region.
  Optional<@WithConverter(Endpoint.class) String> s3Endpoint();

  /// Whether buckets are named in paths rather than in host names.
  @WithConverter(Converters.Switch.class)
  @WithDefault("off")
  boolean s3PathStyle();

  /// File with credentials for S3 as its tools write it: `[default]` with `aws_access_key_id`,
  /// `aws_secret_access_key` and, if need be, `aws_session_token`. Read again when it changes.
  /// Absent: requests are not signed, which suffices for public buckets.
  Optional<Path> s3CredentialsFile();

  /// 100 ms to 10 minutes.
  final class FetchLimit implements Converter<Duration> {
    private static final Duration MIN = Duration.ofMillis(100);
    private static final Duration MAX = Duration.ofMinutes(10);

    @Override
    public Duration convert(String value) {
      Duration limit = new Converters.Time().convert(value);
      if (limit.compareTo(MIN) < 0 || limit.compareTo(MAX) > 0) {
        throw new IllegalArgumentException("expected: 100ms..10m");
      }
      return limit;
    }
  }

  /// 0 to 20.
  final class Redirects implements Converter<Integer> {
    @Override
    public Integer convert(String value) {
      return Converters.inRange(value, 0, 20);
    }
  }

  /// 1 to 10.
  final class Attempts implements Converter<Integer> {
    @Override
    public Integer convert(String value) {
      return Converters.inRange(value, 1, 10);
    }
  }

  /// 1 to 1024.
  final class AtOnce implements Converter<Integer> {
    @Override
    public Integer convert(String value) {
      return Converters.inRange(value, 1, 1024);
    }
  }

  /// A region's name: `eu-central-1`.
  final class Region implements Converter<String> {
    private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,32}");

    @Override
    public String convert(String value) {
      if (!NAME.matcher(value).matches()) {
        throw new IllegalArgumentException("expected: a region such as eu-central-1");
      }
      return value;
    }
  }

  /// Scheme, host and port alone: `http://minio:9000`.
  final class Endpoint implements Converter<String> {
    @Override
    public String convert(String value) {
      try {
        ReferenceUri uri = ReferenceUri.parse(value.strip());
        if (uri.scheme().startsWith("http") && uri.target().equals("/")) {
          return uri.toString();
        }
      } catch (ReferenceException e) {
        throw new IllegalArgumentException("expected: such as http://minio:9000", e);
      }
      throw new IllegalArgumentException("expected: such as http://minio:9000");
    }
  }
}
