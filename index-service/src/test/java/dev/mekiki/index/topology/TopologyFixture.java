package dev.mekiki.index.topology;

import dev.mekiki.hashing.match.Eras;
import dev.mekiki.hashing.match.MatchPolicy;
import dev.mekiki.hashing.match.OriginFilter;
import dev.mekiki.hashing.match.PairFilter;
import dev.mekiki.hashing.match.Reach;
import dev.mekiki.index.World;
import dev.mekiki.index.eras.KnownEras;
import dev.mekiki.index.flood.FloodSettings;
import dev.mekiki.index.metadata.FilterableKeys;
import dev.mekiki.index.partition.HostedPartitions;
import dev.mekiki.index.partition.MatchSettings;
import dev.mekiki.index.partition.PartitionMetrics;
import dev.mekiki.index.placement.ActivePlacements;
import dev.mekiki.index.placement.PlacementMetrics;
import dev.mekiki.index.record.LeftOutRecords;
import dev.mekiki.schemas.image.MetadataKeys;
import dev.mekiki.schemas.image.Retention;
import dev.mekiki.schemas.topic.Topics;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Properties;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.streams.StreamsConfig;
import org.jspecify.annotations.Nullable;

/// A topology of a made-up generation for the test driver.
///
/// @param topology the topology
/// @param hosted its open stores
/// @param registry its metrics
record TopologyFixture(IndexTopology topology, HostedPartitions hosted, MeterRegistry registry) {
  static final Topics TOPICS = Topics.withDefaultPrefix();
  static final FilterableKeys FILTERABLE = FilterableKeys.of(List.of("k"));
  static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochMilli(2_000_000));

  static TopologyFixture of(World world, MatchSettings matching) {
    return of(world, matching, CLOCK);
  }

  static TopologyFixture of(World world, MatchSettings matching, InstantSource clock) {
    return of(world, matching, matching.origins(), clock);
  }

  static TopologyFixture of(
      World world, MatchSettings matching, PairFilter filter, InstantSource clock) {
    return of(world, matching, filter, Retention.NONE, clock, _ -> null);
  }

  /// The same with a retention of images, by a clock.
  static TopologyFixture of(
      World world, MatchSettings matching, Retention retention, InstantSource clock) {
    return of(world, matching, matching.origins(), retention, clock, _ -> null);
  }

  /// The same with cuts.
  static TopologyFixture of(World world, Supplier<Eras> eras) {
    return of(world, matching(), OriginFilter.DEFAULT, Retention.NONE, CLOCK, eras, _ -> null);
  }

  /// @param groups what groups are made of, with these metrics; null if none are kept
  static TopologyFixture of(
      World world,
      MatchSettings matching,
      PairFilter filter,
      Retention retention,
      InstantSource clock,
      Function<MeterRegistry, @Nullable GroupTopology> groups) {
    return of(world, matching, filter, retention, clock, () -> Eras.NONE, groups);
  }

  private static TopologyFixture of(
      World world,
      MatchSettings matching,
      PairFilter filter,
      Retention retention,
      InstantSource clock,
      Supplier<Eras> eras,
      Function<MeterRegistry, @Nullable GroupTopology> groups) {
    MeterRegistry registry = new SimpleMeterRegistry();
    LeftOutRecords leftOut = new LeftOutRecords(registry);
    HostedPartitions hosted = new HostedPartitions(world.geometry(), FILTERABLE, leftOut);
    return new TopologyFixture(
        new IndexTopology(
            new IndexNames(TOPICS, world.geometry().id(), 0),
            world.geometry(),
            FILTERABLE,
            retention,
            matching,
            filter,
            hosted,
            clock,
            new PlacementMetrics(registry),
            new PartitionMetrics(registry, hosted),
            leftOut,
            new ActivePlacements(Duration.ofSeconds(3)),
            new KnownEras(eras),
            null,
            groups.apply(registry)),
        hosted,
        registry);
  }

  static MatchSettings matching() {
    return new MatchSettings(
        new MatchPolicy(Reach.EVERYWHERE, 8, 31, null),
        OriginFilter.DEFAULT,
        FloodSettings.OFF,
        MetadataKeys.of(List.of("price")),
        100);
  }

  static Properties settings(Path directory) {
    Properties properties = new Properties();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "test");
    properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:9092");
    properties.put(StreamsConfig.STATE_DIR_CONFIG, directory.toString());
    return properties;
  }
}
