package dev.mekiki.launcher.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.mekiki.runtime.StartException;
import dev.mekiki.samples.SamplePicture;
import dev.mekiki.samples.SampleSet;
import dev.mekiki.schemas.v1.SearchHit;
import dev.mekiki.schemas.v1.SearchRequest;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/// All services on a Kafka that asks for TLS and a password.
@TestInstance(Lifecycle.PER_CLASS)
class SecuredBrokerIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private Path directory;
  private SecuredBroker broker;

  @BeforeAll
  void start(@TempDir Path given) throws Exception {
    directory = given;
    broker = new SecuredBroker(given);
  }

  @AfterAll
  void stop() {
    if (broker != null) {
      broker.close();
    }
  }

  @Test
  void picturesAreIndexedAndFoundWithThePasswordInAFile() throws Exception {
    Map<String, String> keys = new HashMap<>(connection());
    keys.put("mekiki.kafka.settings-file", login(SecuredBroker.PASSWORD).toString());
    SampleSet pictures = TestPictures.photos(320, 3);
    SamplePicture first = pictures.pictures().getFirst();
    try (InProcess mekiki = new InProcess(directory.resolve("data"), keys)) {
      for (SamplePicture picture : pictures.pictures()) {
        mekiki.api().put(picture.id(), pictures.bytes(picture), Map.of(), false);
      }
      await()
          .atMost(LIMIT)
          .until(() -> mekiki.api().status().getImages() == pictures.pictures().size());

      SearchRequest query =
          SearchRequest.newBuilder()
              .setImage(ByteString.copyFrom(pictures.bytes(first)))
              .setRadius(0)
              .build();
      assertThat(mekiki.api().search(query).getHitsList())
          .extracting(SearchHit::getImageId)
          .contains(first.id());
    }
  }

  @Test
  void wrongPasswordIsRefusedWithItsReason() throws IOException {
    Map<String, String> keys = new HashMap<>(connection());
    keys.put("mekiki.kafka.settings-file", login("another").toString());

    assertRefused(keys, "Authentication failed");
  }

  @Test
  void certificateThatNobodyVouchesForIsRefused() throws IOException {
    Map<String, String> keys = new HashMap<>(connection());
    keys.put("mekiki.kafka.settings-file", login(SecuredBroker.PASSWORD).toString());
    keys.keySet().removeIf(key -> key.contains("truststore"));

    assertRefused(keys, "SSL handshake failed");
  }

  private void assertRefused(Map<String, String> keys, String reason) {
    assertThatThrownBy(() -> new InProcess(directory.resolve("refused"), keys).close())
        .isInstanceOf(StartException.class)
        .hasMessageContaining("Kafka at " + broker.bootstrapServers() + " refuses this client")
        .hasMessageContaining(reason)
        .hasMessageContaining("mekiki.kafka.client")
        .hasMessageContaining("mekiki.kafka.settings-file");
  }

  /// All that is no secret.
  private Map<String, String> connection() {
    return Map.of(
        "mekiki.kafka.bootstrap-servers",
        broker.bootstrapServers(),
        "mekiki.kafka.client.security.protocol",
        "SASL_SSL",
        "mekiki.kafka.client.sasl.mechanism",
        SecuredBroker.MECHANISM,
        "mekiki.kafka.client.ssl.truststore.type",
        "PEM",
        "mekiki.kafka.client.ssl.truststore.location",
        broker.certificate().toString());
  }

  private Path login(String password) throws IOException {
    Properties properties = new Properties();
    properties.setProperty("sasl.jaas.config", SecuredBroker.login(password));
    Path file = Files.createTempFile(directory, "login", ".properties");
    try (Writer writer = Files.newBufferedWriter(file)) {
      properties.store(writer, null);
    }
    return file;
  }
}
