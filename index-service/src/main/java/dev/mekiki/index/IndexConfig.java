package dev.mekiki.index;

import dev.mekiki.hashing.match.MatchPolicy;
import dev.mekiki.hashing.match.OriginFilter;
import dev.mekiki.hashing.match.Reach;
import dev.mekiki.index.copies.CopySettings;
import dev.mekiki.index.flood.FloodSettings;
import dev.mekiki.index.groups.GroupSettings;
import dev.mekiki.index.metadata.FilterableKeys;
import dev.mekiki.index.partition.MatchSettings;
import dev.mekiki.runtime.config.Converters;
import dev.mekiki.runtime.config.ImageLimits;
import dev.mekiki.runtime.config.KafkaConfig;
import dev.mekiki.runtime.config.ListenConfig;
import dev.mekiki.runtime.config.ServerConfig;
import dev.mekiki.runtime.config.TenantsConfig;
import dev.mekiki.runtime.config.TopicsConfig;
import dev.mekiki.schemas.image.ImageHeaders;
import dev.mekiki.schemas.image.MetadataKeys;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithParentName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.spi.Converter;
import org.jspecify.annotations.Nullable;

/// What an index instance is configured by.
@ConfigMapping(prefix = "mekiki")
public interface IndexConfig {
  KafkaConfig kafka();

  TopicsConfig topics();

  ImageLimits images();

  ServerConfig server();

  TenantsConfig tenants();

  Index index();

  Match match();

  Groups groups();

  /// `mekiki.index.*`.
  interface Index extends ListenConfig {
    @Override
    @WithDefault("127.0.0.1")
    String host();

    @Override
    @WithConverter(Converters.Port.class)
    @WithDefault("7072")
    int port();

    /// host:port at which other instances and query services reach this one. Absent: the address it
    /// listens on.
    Optional<String> advertisedAddress();

    /// Directory of this instance's state; two instances on one machine need one each.
    @WithDefault(".mekiki/index")
    Path stateDir();

    /// Stream threads; partitions are spread over them.
    @WithConverter(Converters.Count.class)
    @WithDefault("2")
    int threads();

    /// Instances that keep a copy of each partition beside the active one. With a single instance
    /// it has no effect and costs nothing.
    @WithConverter(StandbyReplicas.class)
    @WithDefault("1")
    int standbyReplicas();

    /// How often what was processed is committed and becomes visible; a match waits for two
    /// commits.
    @WithConverter(Converters.Time.class)
    @WithDefault("50ms")
    Duration commitInterval();

    /// After so long without a sign of life an instance counts as dead and its partitions move.
    /// Raised to the broker's `group.min.session.timeout.ms`, 6 s by default, where that is longer.
    @WithConverter(Converters.Time.class)
    @WithDefault("3s")
    Duration sessionTimeout();

    /// Memory of all RocksDB stores of the process together: blocks, indexes, filters and write
    /// buffers. It comes beside the heap, which holds the search structure.
    @WithConverter(Converters.MemoryBytes.class)
    @WithDefault("128MiB")
    long rocksdbCache();

    /// Metadata keys that searches may filter by. A key added later holds for images placed since;
    /// the others are not found by it until they are sent again.
    Optional<List<@WithConverter(MetadataKey.class) String>> filterableMetadata();

    /// How long a start waits for an encoder service to announce a generation.
    @WithConverter(Converters.Time.class)
    @WithDefault("10m")
    Duration generationTimeout();

    /// The generation to serve, by its id or the first digits of it. Absent: the one that is active
    /// at the start, and beside it those that are prepared, or were active before and are kept.
    Optional<@WithConverter(GenerationId.class) String> generation();

    /// Port for each generation that is served beside the active one, 0 for a free one.
    @WithConverter(Converters.Port.class)
    @WithDefault("0")
    int besidePort();

    /// Make the index of the active generation from nothing: it is made again from `image-codes`,
    /// under other topics and another consumer group. For one start of one instance, while no other
    /// runs.
    @WithDefault("false")
    boolean reindex();

    /// {@link #filterableMetadata} as the index takes it.
    default FilterableKeys filterableKeys() {
      return FilterableKeys.of(filterableMetadata().orElse(List.of()));
    }
  }

  /// `mekiki.match.*`: what is a match.
  interface Match {
    /// Whether EXACT and DUPLICATE rest on bytes and fingerprints alone, so that each image is
    /// compared with all partitions, or require codes within the radius, too.
    @WithConverter(ReachName.class)
    @WithDefault("everywhere")
    Reach reach();

    /// Largest code distance of EXACT and DUPLICATE under the reach `codes`.
    @WithConverter(Converters.Radius.class)
    @WithDefault("8")
    int radius();

    /// Largest fingerprint distance of DUPLICATE, 0 to 256.
    @WithConverter(Converters.Radius.class)
    @WithDefault("31")
    int fingerprintRadius();

    /// Largest code distance of NEAR. Absent: no NEAR.
    Optional<@WithConverter(Converters.Radius.class) Integer> nearRadius();

    /// Metadata keys whose values the events of an image carry. Encoders and index instances must
    /// have the same. A key added later holds for images placed since.
    Optional<List<String>> eventMetadata();

    /// Whether two images of one source (`mekiki-source`) may match.
    @WithConverter(Converters.Switch.class)
    @WithDefault("on")
    boolean sameSource();

    /// Most events of one arrival in one partition; 0 switches matching off, so that images are
    /// kept for searches alone.
    @WithConverter(EventCap.class)
    @WithDefault("100")
    int maxEventsPerArrival();

    /// Most matches of one fingerprint in one partition within {@link #floodWindow}. One that has
    /// more is put into quarantine: images of that picture make no events but a summary, until they
    /// come less often. 0 switches this off.
    @WithConverter(EventCap.class)
    @WithDefault("10000")
    int floodLimit();

    /// The window of {@link #floodLimit}, and the time between two summaries.
    @WithConverter(FloodWindow.class)
    @WithDefault("1m")
    Duration floodWindow();

    /// Take these settings where the instances of the generation have agreed on others, rather than
    /// refuse to start. For one start of one instance, while no other runs.
    @WithDefault("false")
    boolean change();

    /// Whether copies that no hash of the whole picture can see are looked for, of arrivals and in
    /// searches by picture: crops, pictures in pictures, turned, mirrored and written over ones.
    @WithConverter(Converters.Switch.class)
    @WithDefault("off")
    boolean copies();

    /// Most pairs of one arrival, or of one search, in one partition of landmarks that are
    /// verified; those that share most.
    @WithConverter(Converters.Count.class)
    @WithDefault("8")
    int copyCandidates();

    /// These values as the search for copies takes them; null if it is off.
    ///
    /// @param tenantsShared `mekiki.tenants.shared`
    /// @param landmarkPartitions `mekiki.topics.landmark-partitions`
    default @Nullable CopySettings copySettings(boolean tenantsShared, int landmarkPartitions) {
      return copies()
          ? new CopySettings(
              policy(),
              new OriginFilter(tenantsShared, sameSource()),
              FloodSettings.of(
                  floodLimit(),
                  floodWindow(),
                  fingerprintRadius(),
                  copyCandidates() * CopySettings.LOOKUPS_PER_PAIR),
              landmarkPartitions,
              copyCandidates())
          : null;
    }

    /// These values as the match processor takes them.
    ///
    /// @param tenantsShared `mekiki.tenants.shared`
    default MatchSettings settings(boolean tenantsShared) {
      return new MatchSettings(
          policy(),
          new OriginFilter(tenantsShared, sameSource()),
          FloodSettings.of(floodLimit(), floodWindow(), fingerprintRadius(), maxEventsPerArrival()),
          MetadataKeys.of(eventMetadata().orElse(List.of())),
          maxEventsPerArrival());
    }

    /// The thresholds.
    default MatchPolicy policy() {
      return new MatchPolicy(reach(), radius(), fingerprintRadius(), nearRadius().orElse(null));
    }
  }

  /// `mekiki.groups` and `mekiki.groups.*`.
  interface Groups {
    /// Whether images that are copies of one another are kept together as groups, and pairs are
    /// retracted whose images go. To switch it on for a generation that is indexed already, make
    /// its index again (`--reindex`).
    @WithParentName
    @WithConverter(Converters.Switch.class)
    @WithDefault("off")
    boolean kept();

    /// Most images that a group counts and lists.
    @WithConverter(MinGroup.class)
    @WithDefault("1000000")
    int maxSize();

    /// Most images that the record of a group names, the first in its order.
    @WithConverter(Converters.Count.class)
    @WithDefault("1000")
    int maxMembersInRecord();

    /// These values as the processor of groups takes them; null if none are kept.
    ///
    /// @param partitions `mekiki.topics.partitions`
    /// @param tenantsShared `mekiki.tenants.shared`
    default @Nullable GroupSettings settings(int partitions, boolean tenantsShared) {
      return kept()
          ? new GroupSettings(partitions, tenantsShared, maxSize(), maxMembersInRecord())
          : null;
    }
  }

  /// A whole number of at least 2.
  final class MinGroup implements Converter<Integer> {
    @Override
    public Integer convert(String value) {
      return Converters.inRange(value, 2, Integer.MAX_VALUE);
    }
  }

  /// The first digits of a content hash.
  final class GenerationId implements Converter<String> {
    private static final Pattern DIGITS = Pattern.compile("[0-9a-f]{4,64}");

    @Override
    public String convert(String value) {
      if (!DIGITS.matcher(value).matches()) {
        throw new IllegalArgumentException("expected: 4 to 64 of 0-9 and a-f");
      }
      return value;
    }
  }

  /// `everywhere` or `codes`.
  final class ReachName implements Converter<Reach> {
    @Override
    public Reach convert(String value) {
      return switch (value) {
        case "everywhere" -> Reach.EVERYWHERE;
        case "codes" -> Reach.CODES;
        default -> throw new IllegalArgumentException("expected: everywhere or codes");
      };
    }
  }

  /// The name of a header that is metadata.
  final class MetadataKey implements Converter<String> {
    @Override
    public String convert(String value) {
      // Rows name their tenant by such a key, and no metadata may pass for it.
      if (value.strip().startsWith(ImageHeaders.OWN_PREFIX)) {
        throw new IllegalArgumentException(
            "expected: keys of metadata, which none is that begins with "
                + ImageHeaders.OWN_PREFIX);
      }
      return value;
    }
  }

  /// A whole number of at least 0.
  final class EventCap implements Converter<Integer> {
    @Override
    public Integer convert(String value) {
      return Converters.inRange(value, 0, Integer.MAX_VALUE);
    }
  }

  /// 1 second to 1 day.
  final class FloodWindow implements Converter<Duration> {
    @Override
    public Duration convert(String value) {
      Duration window = new Converters.Time().convert(value);
      if (window.compareTo(Duration.ofSeconds(1)) < 0 || window.compareTo(Duration.ofDays(1)) > 0) {
        throw new IllegalArgumentException("expected: 1s..24h");
      }
      return window;
    }
  }

  /// A number of copies, 0 to 9.
  final class StandbyReplicas implements Converter<Integer> {
    @Override
    public Integer convert(String value) {
      if (value.length() == 1 && Character.isDigit(value.charAt(0))) {
        return value.charAt(0) - '0';
      }
      throw new IllegalArgumentException("expected: 0..9");
    }
  }
}
