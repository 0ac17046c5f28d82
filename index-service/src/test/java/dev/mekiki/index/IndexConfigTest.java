package dev.mekiki.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mekiki.hashing.match.MatchPolicy;
import dev.mekiki.hashing.match.OriginFilter;
import dev.mekiki.hashing.match.Reach;
import dev.mekiki.index.flood.FloodSettings;
import dev.mekiki.index.metadata.FilterableKeys;
import dev.mekiki.index.partition.MatchSettings;
import dev.mekiki.runtime.StartException;
import dev.mekiki.runtime.config.Configuration;
import dev.mekiki.schemas.image.MetadataKeys;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IndexConfigTest {
  @Test
  void defaults() {
    IndexConfig config = Configuration.of(IndexConfig.class, Map.of());

    assertThat(config.index().host()).isEqualTo("127.0.0.1");
    assertThat(config.index().port()).isEqualTo(7072);
    assertThat(config.index().advertisedAddress()).isEmpty();
    assertThat(config.index().stateDir()).isEqualTo(Path.of(".mekiki/index"));
    assertThat(config.index().threads()).isEqualTo(2);
    assertThat(config.index().standbyReplicas()).isEqualTo(1);
    assertThat(config.index().commitInterval()).isEqualTo(Duration.ofMillis(50));
    assertThat(config.index().sessionTimeout()).isEqualTo(Duration.ofSeconds(3));
    assertThat(config.index().generationTimeout()).isEqualTo(Duration.ofMinutes(10));
    assertThat(config.index().rocksdbCache()).isEqualTo(128L << 20);
    assertThat(config.index().filterableKeys()).isEqualTo(FilterableKeys.NONE);
    assertThat(config.match().settings(false))
        .isEqualTo(
            new MatchSettings(
                new MatchPolicy(Reach.EVERYWHERE, 8, 31, null),
                new OriginFilter(false, true),
                new FloodSettings(10_000, Duration.ofMinutes(1), 31, 100),
                MetadataKeys.NONE,
                100));
  }

  @Test
  void everyKey() {
    IndexConfig config =
        Configuration.of(
            IndexConfig.class,
            Map.ofEntries(
                Map.entry("mekiki.index.host", "0.0.0.0"),
                Map.entry("mekiki.index.port", "1"),
                Map.entry("mekiki.index.advertised-address", "index-1:7072"),
                Map.entry("mekiki.index.state-dir", "/var/lib/mekiki"),
                Map.entry("mekiki.index.threads", "4"),
                Map.entry("mekiki.index.standby-replicas", "0"),
                Map.entry("mekiki.index.commit-interval", "100ms"),
                Map.entry("mekiki.index.session-timeout", "6s"),
                Map.entry("mekiki.index.generation-timeout", "1m"),
                Map.entry("mekiki.index.rocksdb-cache", "4GiB"),
                Map.entry("mekiki.index.filterable-metadata", "shelf, colour,shelf"),
                Map.entry("mekiki.match.reach", "codes"),
                Map.entry("mekiki.match.radius", "4"),
                Map.entry("mekiki.match.fingerprint-radius", "20"),
                Map.entry("mekiki.match.near-radius", "6"),
                Map.entry("mekiki.match.event-metadata", "shelf,price"),
                Map.entry("mekiki.match.same-source", "off"),
                Map.entry("mekiki.match.flood-limit", "500"),
                Map.entry("mekiki.match.flood-window", "10s"),
                Map.entry("mekiki.match.max-events-per-arrival", "7")));

    assertThat(config.index().host()).isEqualTo("0.0.0.0");
    assertThat(config.index().port()).isEqualTo(1);
    assertThat(config.index().advertisedAddress()).contains("index-1:7072");
    assertThat(config.index().stateDir()).isEqualTo(Path.of("/var/lib/mekiki"));
    assertThat(config.index().threads()).isEqualTo(4);
    assertThat(config.index().standbyReplicas()).isZero();
    assertThat(config.index().commitInterval()).isEqualTo(Duration.ofMillis(100));
    assertThat(config.index().sessionTimeout()).isEqualTo(Duration.ofSeconds(6));
    assertThat(config.index().generationTimeout()).isEqualTo(Duration.ofMinutes(1));
    assertThat(config.index().rocksdbCache()).isEqualTo(4L << 30);
    assertThat(config.index().filterableKeys().keys()).containsExactly("colour", "shelf");
    assertThat(config.match().settings(true))
        .isEqualTo(
            new MatchSettings(
                new MatchPolicy(Reach.CODES, 4, 20, 6),
                new OriginFilter(true, false),
                new FloodSettings(500, Duration.ofSeconds(10), 20, 71),
                MetadataKeys.of(List.of("price", "shelf")),
                7));
  }

  @ParameterizedTest
  @CsvSource({
    "mekiki.index.port, 65536",
    "mekiki.index.threads, 0",
    "mekiki.index.standby-replicas, -1",
    "mekiki.index.commit-interval, soon",
    "mekiki.index.rocksdb-cache, 7MiB",
    "mekiki.index.rocksdb-cache, 1025GiB",
    "mekiki.index.rocksdb-cache, much",
    "mekiki.index.filterable-metadata, 'shelf,mekiki-tenant'",
    "mekiki.tenants.header, mekiki-mute",
    "mekiki.tenants.header, ce_dataref",
    "mekiki.tenants.header, content-type",
    "mekiki.match.reach, far",
    "mekiki.match.radius, -1",
    "mekiki.match.fingerprint-radius, 257",
    "mekiki.match.near-radius, near",
    "mekiki.match.max-events-per-arrival, -1",
    "mekiki.match.same-source, maybe",
    "mekiki.match.flood-limit, -1",
    "mekiki.match.flood-window, 10ms",
    "mekiki.tenants.shared, some",
    "mekiki.index.colour, blue"
  })
  void badValueIsNamed(String key, String value) {
    assertThatThrownBy(() -> Configuration.of(IndexConfig.class, Map.of(key, value)))
        .isInstanceOf(StartException.class)
        .hasMessageContaining(key);
  }
}
