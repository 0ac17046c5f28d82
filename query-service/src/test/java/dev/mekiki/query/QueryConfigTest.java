package dev.mekiki.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mekiki.runtime.StartException;
import dev.mekiki.runtime.config.Configuration;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueryConfigTest {
  @Test
  void defaults() {
    QueryConfig.Query query = Configuration.of(QueryConfig.class, Map.of()).query();
    assertThat(query.host()).isEqualTo("127.0.0.1");
    assertThat(query.port()).isEqualTo(8080);
    assertThat(query.indexAddresses()).containsExactly("127.0.0.1:7072");
    assertThat(query.encoderAddresses()).containsExactly("127.0.0.1:7071");
    assertThat(query.maxHits()).isEqualTo(1_000);
    assertThat(query.searchTimeout()).isEqualTo(Duration.ofSeconds(5));
    assertThat(query.hedgeDelay()).isEqualTo(Duration.ofMillis(250));
    assertThat(query.encodeTimeout()).isEqualTo(Duration.ofSeconds(15));
    assertThat(query.sendTimeout()).isEqualTo(Duration.ofSeconds(15));
    assertThat(query.thumbnailTimeout()).isEqualTo(Duration.ofSeconds(2));
    assertThat(query.maxStreams()).isEqualTo(1_000);
    assertThat(query.maxReplays()).isEqualTo(16);
    assertThat(query.maxBodyBytes()).isEqualTo(256L << 20);
  }

  @Test
  void everyKeyCanBeSet() {
    Map<String, String> keys = new HashMap<>();
    keys.put("mekiki.query.host", "0.0.0.0");
    keys.put("mekiki.query.port", "0");
    keys.put("mekiki.query.index-addresses", "index-1:7072,[::1]:7073");
    keys.put("mekiki.query.encoder-addresses", "encoder.example:1");
    keys.put("mekiki.query.max-hits", "50");
    keys.put("mekiki.query.search-timeout", "700ms");
    keys.put("mekiki.query.hedge-delay", "20ms");
    keys.put("mekiki.query.encode-timeout", "2s");
    keys.put("mekiki.query.send-timeout", "1m");
    keys.put("mekiki.query.thumbnail-timeout", "300ms");
    keys.put("mekiki.query.max-streams", "7");
    keys.put("mekiki.query.max-replays", "2");
    keys.put("mekiki.query.max-body-bytes", "32MiB");
    QueryConfig.Query query = Configuration.of(QueryConfig.class, keys).query();
    assertThat(query.host()).isEqualTo("0.0.0.0");
    assertThat(query.port()).isZero();
    assertThat(query.indexAddresses()).containsExactly("index-1:7072", "[::1]:7073");
    assertThat(query.encoderAddresses()).containsExactly("encoder.example:1");
    assertThat(query.maxHits()).isEqualTo(50);
    assertThat(query.searchTimeout()).isEqualTo(Duration.ofMillis(700));
    assertThat(query.hedgeDelay()).isEqualTo(Duration.ofMillis(20));
    assertThat(query.encodeTimeout()).isEqualTo(Duration.ofSeconds(2));
    assertThat(query.sendTimeout()).isEqualTo(Duration.ofMinutes(1));
    assertThat(query.thumbnailTimeout()).isEqualTo(Duration.ofMillis(300));
    assertThat(query.maxStreams()).isEqualTo(7);
    assertThat(query.maxReplays()).isEqualTo(2);
    assertThat(query.maxBodyBytes()).isEqualTo(32L << 20);
  }

  @ParameterizedTest
  @CsvSource({
    "mekiki.query.port, 65536",
    "mekiki.query.index-addresses, nowhere",
    "mekiki.query.index-addresses, host:0",
    "mekiki.query.index-addresses, host:99999",
    "mekiki.query.encoder-addresses, http://host:1",
    "mekiki.query.max-hits, 0",
    "mekiki.query.max-hits, 10001",
    "mekiki.query.max-streams, 0",
    "mekiki.query.max-replays, 0",
    "mekiki.query.max-body-bytes, 1MiB",
    "mekiki.query.search-timeout, 5",
    "mekiki.query.hedge-delay, soon",
    "mekiki.query.no-such-key, 1",
  })
  void badValuesAreRefusedByName(String key, String value) {
    assertThatThrownBy(() -> Configuration.of(QueryConfig.class, Map.of(key, value)))
        .isInstanceOf(StartException.class)
        .hasMessageContaining(key);
  }
}
