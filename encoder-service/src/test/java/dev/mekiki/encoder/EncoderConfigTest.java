package dev.mekiki.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mekiki.encoder.reference.AllowedPrefix;
import dev.mekiki.encoder.reference.PrivateNetwork;
import dev.mekiki.encoder.reference.ReferenceConfig;
import dev.mekiki.runtime.StartException;
import dev.mekiki.runtime.config.Configuration;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EncoderConfigTest {
  @Test
  void defaults() {
    EncoderConfig.Encoder encoder = config(Map.of());
    assertThat(encoder.host()).isEqualTo("127.0.0.1");
    assertThat(encoder.port()).isEqualTo(7071);
    assertThat(encoder.instanceId()).isEmpty();
    assertThat(encoder.bundle()).isEmpty();
    assertThat(encoder.device()).isEqualTo("auto");
    assertThat(encoder.predictors()).isEqualTo(1);
    assertThat(encoder.decoders()).isEmpty();
    assertThat(encoder.batchSize()).isEqualTo(32);
    assertThat(encoder.maxDelay()).isEqualTo(Duration.ofMillis(20));
    assertThat(encoder.maxInFlight()).isEqualTo(512);
    assertThat(encoder.thumbnailSide()).isEqualTo(192);
    ReferenceConfig references = encoder.references();
    assertThat(references.allowed()).isEmpty();
    assertThat(references.timeout()).isEqualTo(Duration.ofSeconds(10));
    assertThat(references.redirects()).isEqualTo(3);
    assertThat(references.attempts()).isEqualTo(3);
    assertThat(references.atOnce()).isEqualTo(32);
    assertThat(references.privateNetworks()).isEmpty();
    assertThat(references.httpCredentialsFile()).isEmpty();
    assertThat(references.s3Region()).isEqualTo("us-east-1");
    assertThat(references.s3Endpoint()).isEmpty();
    assertThat(references.s3PathStyle()).isFalse();
    assertThat(references.s3CredentialsFile()).isEmpty();
  }

  @Test
  void everyKey() {
    EncoderConfig.Encoder encoder =
        config(
            Map.ofEntries(
                Map.entry("host", "::1"),
                Map.entry("port", "1"),
                Map.entry("instance-id", "one"),
                Map.entry("bundle", "/b.mekiki"),
                Map.entry("device", "gpu:1"),
                Map.entry("predictors", "2"),
                Map.entry("decoders", "3"),
                Map.entry("batch-size", "4"),
                Map.entry("max-delay", "5ms"),
                Map.entry("max-in-flight", "6"),
                Map.entry("thumbnail-side", "0"),
                Map.entry("references.allowed", "https://A.example, file:///data"),
                Map.entry("references.timeout", "5m"),
                Map.entry("references.redirects", "0"),
                Map.entry("references.attempts", "1"),
                Map.entry("references.at-once", "2"),
                Map.entry("references.private-networks", "10.0.0.0/8,minio:9000"),
                Map.entry("references.http-credentials-file", "/http"),
                Map.entry("references.s3-region", "eu-central-1"),
                Map.entry("references.s3-endpoint", "http://minio:9000/"),
                Map.entry("references.s3-path-style", "on"),
                Map.entry("references.s3-credentials-file", "/s3")));
    assertThat(encoder.host()).isEqualTo("::1");
    assertThat(encoder.port()).isEqualTo(1);
    assertThat(encoder.instanceId()).contains("one");
    assertThat(encoder.bundle()).contains(Path.of("/b.mekiki"));
    assertThat(encoder.device()).isEqualTo("gpu:1");
    assertThat(encoder.predictors()).isEqualTo(2);
    assertThat(encoder.decoders()).contains(3);
    assertThat(encoder.batchSize()).isEqualTo(4);
    assertThat(encoder.maxDelay()).isEqualTo(Duration.ofMillis(5));
    assertThat(encoder.maxInFlight()).isEqualTo(6);
    assertThat(encoder.thumbnailSide()).isZero();
    ReferenceConfig references = encoder.references();
    assertThat(references.allowed().orElseThrow())
        .extracting(AllowedPrefix::text)
        .containsExactly("https://a.example/", "file:///data");
    assertThat(references.timeout()).isEqualTo(Duration.ofMinutes(5));
    assertThat(references.redirects()).isZero();
    assertThat(references.attempts()).isEqualTo(1);
    assertThat(references.atOnce()).isEqualTo(2);
    assertThat(references.privateNetworks().orElseThrow())
        .extracting(PrivateNetwork::text)
        .containsExactly("10.0.0.0/8", "minio:9000");
    assertThat(references.httpCredentialsFile()).contains(Path.of("/http"));
    assertThat(references.s3Region()).isEqualTo("eu-central-1");
    assertThat(references.s3Endpoint()).contains("http://minio:9000/");
    assertThat(references.s3PathStyle()).isTrue();
    assertThat(references.s3CredentialsFile()).contains(Path.of("/s3"));
  }

  @ParameterizedTest
  @CsvSource({
    "port, -1",
    "device, tpu",
    "predictors, 0",
    "decoders, none",
    "batch-size, 2000",
    "max-delay, 20",
    "max-in-flight, 0",
    "thumbnail-side, 5000",
    "references.timeout, 10ms",
    "references.redirects, 21",
    "references.attempts, 0",
    "references.at-once, 0",
    "references.s3-region, a/b",
    "references.s3-endpoint, s3://a",
    "references.s3-endpoint, http://a/b",
    "references.private-networks, minio",
  })
  void badValueNamesKeyValueAndExpectation(String key, String value) {
    assertThatThrownBy(() -> config(Map.of(key, value)))
        .isInstanceOf(StartException.class)
        .hasMessageStartingWith(
            "configuration: mekiki.encoder.%s: '%s' (expected: ".formatted(key, value));
  }

  private static EncoderConfig.Encoder config(Map<String, String> encoder) {
    Map<String, String> values = new HashMap<>();
    encoder.forEach((key, value) -> values.put("mekiki.encoder." + key, value));
    return Configuration.of(EncoderConfig.class, values).encoder();
  }
}
