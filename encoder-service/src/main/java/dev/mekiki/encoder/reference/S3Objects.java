package dev.mekiki.encoder.reference;

import dev.mekiki.runtime.config.ReloadedFile;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;
import software.amazon.awssdk.profiles.Profile;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.utils.http.SdkHttpUtils;

/// Makes the requests by which objects are fetched from S3 and stores that speak its protocol,
/// signed where there are credentials (Signature Version 4). They are sent as those to web servers
/// are: a client of Amazon's would look up names and follow redirects by itself, past all checks.
/// Thread-safe.
final class S3Objects {
  private static final String CREDENTIALS_KEY = "mekiki.encoder.references.s3-credentials-file";
  private static final String PROFILE = "default";

  private final String region;
  private final @Nullable ReferenceUri endpoint;
  private final boolean pathStyle;
  private final @Nullable ReloadedFile<AwsCredentialsIdentity> credentials;
  private final AwsV4HttpSigner signer = AwsV4HttpSigner.create();

  /// A request for an object.
  ///
  /// @param uri of the object on a web server
  /// @param headers that sign it
  /// @param trusted whether the operator has named the server
  record Request(ReferenceUri uri, Map<String, String> headers, boolean trusted) {}

  /// @throws dev.mekiki.runtime.StartException where the file with credentials cannot be used
  S3Objects(ReferenceConfig config) {
    region = config.s3Region();
    endpoint = config.s3Endpoint().map(S3Objects::endpoint).orElse(null);
    pathStyle = config.s3PathStyle();
    credentials =
        config
            .s3CredentialsFile()
            .map(file -> ReloadedFile.open(CREDENTIALS_KEY, file, S3Objects::read))
            .orElse(null);
  }

  private static ReferenceUri endpoint(String text) {
    try {
      return ReferenceUri.parse(text);
    } catch (ReferenceException e) {
      throw new IllegalStateException(e);
    }
  }

  private static AwsCredentialsIdentity read(Path file) {
    Optional<Profile> profile =
        ProfileFile.builder()
            .type(ProfileFile.Type.CREDENTIALS)
            .content(file)
            .build()
            .profile(PROFILE);
    String id = profile.flatMap(found -> found.property("aws_access_key_id")).orElse("");
    String secret = profile.flatMap(found -> found.property("aws_secret_access_key")).orElse("");
    if (id.isEmpty() || secret.isEmpty()) {
      throw new IllegalArgumentException(
          "no credentials (expected: [default] with aws_access_key_id and aws_secret_access_key)");
    }
    return profile
        .flatMap(found -> found.property("aws_session_token"))
        .<AwsCredentialsIdentity>map(
            token -> AwsSessionCredentialsIdentity.create(id, secret, token))
        .orElseGet(() -> AwsCredentialsIdentity.create(id, secret));
  }

  /// The request for an object.
  Request request(ReferenceUri object) {
    ReferenceUri uri = onServer(object);
    return new Request(
        uri,
        credentials == null ? Map.of() : signature(uri, credentials.content()),
        endpoint != null);
  }

  private ReferenceUri onServer(ReferenceUri object) {
    // As S3 itself encodes names when it checks a signature: all but letters, digits and -._~/
    String key = SdkHttpUtils.urlEncodeIgnoreSlashes(object.decodedPath());
    String bucket = object.host();
    if (endpoint != null) {
      return pathStyle
          ? at(endpoint, endpoint.host(), "/" + bucket + key)
          : at(endpoint, bucket + "." + endpoint.host(), key);
    }
    String suffix = region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
    String host = "s3.%s.%s".formatted(region, suffix);
    ReferenceUri server = new ReferenceUri("https", host, 443, "/", null);
    // A certificate's wildcard stands for no name with a dot.
    return pathStyle || bucket.contains(".")
        ? at(server, host, "/" + bucket + key)
        : at(server, bucket + "." + host, key);
  }

  private static ReferenceUri at(ReferenceUri server, String host, String path) {
    return new ReferenceUri(server.scheme(), host, server.port(), path, null);
  }

  private Map<String, String> signature(ReferenceUri uri, AwsCredentialsIdentity identity) {
    SdkHttpRequest request =
        SdkHttpRequest.builder().method(SdkHttpMethod.GET).uri(URI.create(uri.toString())).build();
    SdkHttpRequest signed =
        signer
            .sign(builder ->
                builder
                    .identity(identity)
                    .request(request)
                    .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "s3")
                    .putProperty(AwsV4HttpSigner.REGION_NAME, region)
                    .putProperty(AwsV4HttpSigner.DOUBLE_URL_ENCODE, false)
                    .putProperty(AwsV4HttpSigner.NORMALIZE_PATH, false))
            .request();
    Map<String, String> headers = new HashMap<>();
    for (Map.Entry<String, List<String>> header : signed.headers().entrySet()) {
      // The client sets the host, to the same.
      if (!header.getKey().equalsIgnoreCase("host")) {
        headers.put(header.getKey(), header.getValue().getFirst());
      }
    }
    return headers;
  }
}
