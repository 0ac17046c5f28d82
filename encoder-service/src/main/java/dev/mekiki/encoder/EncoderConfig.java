package dev.mekiki.encoder;

import dev.mekiki.encoder.reference.ReferenceConfig;
import dev.mekiki.runtime.config.Converters;
import dev.mekiki.runtime.config.GenerationConfig;
import dev.mekiki.runtime.config.ImageLimits;
import dev.mekiki.runtime.config.KafkaConfig;
import dev.mekiki.runtime.config.ListenConfig;
import dev.mekiki.runtime.config.ServerConfig;
import dev.mekiki.runtime.config.TenantsConfig;
import dev.mekiki.runtime.config.TopicsConfig;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.spi.Converter;

/// What an encoder service is configured by.
@ConfigMapping(prefix = "mekiki")
public interface EncoderConfig {
  KafkaConfig kafka();

  TopicsConfig topics();

  ImageLimits images();

  GenerationConfig generation();

  ServerConfig server();

  TenantsConfig tenants();

  Encoder encoder();

  Match match();

  /// The part of `mekiki.match.*` that encoders heed.
  interface Match {
    /// Whether copies that no hash of the whole picture can see are looked for: encoders find
    /// landmarks and verify pairs.
    @WithConverter(Converters.Switch.class)
    @WithDefault("off")
    boolean copies();

    /// Metadata keys whose values the events of an image carry. Encoders and index instances must
    /// have the same.
    Optional<List<String>> eventMetadata();

    /// Whether pictures that are no copies but have a part in common, such as a logo or a caption,
    /// are reported as SHARES_ELEMENT, where copies are looked for.
    @WithConverter(Converters.Switch.class)
    @WithDefault("off")
    boolean sharedElements();

    /// Whether second photos of one scene, such as those of a burst, are left out where copies are
    /// looked for: what an alignment takes for a copy must come from one exposure. Off, they are
    /// reported as DUPLICATE where they look alike.
    @WithConverter(Converters.Switch.class)
    @WithDefault("off")
    boolean copiesStrict();
  }

  /// `mekiki.encoder.*`.
  interface Encoder extends ListenConfig {
    @Override
    @WithDefault("127.0.0.1")
    String host();

    @Override
    @WithConverter(Converters.Port.class)
    @WithDefault("7071")
    int port();

    /// Names this instance among all encoders of one Kafka, the same at every start, so that a
    /// restart ends what its predecessor left open. Absent: host name and port.
    Optional<String> instanceId();

    /// The bundle to encode with. Absent: the built-in one.
    Optional<Path> bundle();

    /// Where the network runs: `auto`, `cpu` or `gpu:N`.
    @WithConverter(Device.class)
    @WithDefault("auto")
    String device();

    /// Threads that run the network.
    @WithConverter(Converters.Count.class)
    @WithDefault("1")
    int predictors();

    /// Threads that decode. Absent: one for each core.
    Optional<@WithConverter(Converters.Count.class) Integer> decoders();

    /// Where images are decoded: `process`, in processes beside this one, so that an image that
    /// takes too long or crashes its decoder costs itself alone; or `none`, in this process,
    /// without either.
    @WithConverter(Isolation.class)
    @WithDefault("process")
    boolean decodeIsolation();

    /// How long decoding one image may take; beyond, its process is ended and the image is a dead
    /// letter.
    @WithConverter(DecodeLimit.class)
    @WithDefault("10s")
    Duration decodeLimit();

    /// Whether a JPEG that is cut short is decoded as far as it goes, where at least half of its
    /// rows are there, and marked `partial`. Off: it is a dead letter.
    @WithConverter(Converters.Switch.class)
    @WithDefault("off")
    boolean partialImages();

    /// Java heap of each decoding process; there is one more of them than decoders.
    @WithConverter(Converters.MemoryBytes.class)
    @WithDefault("512MiB")
    long decodeMemory();

    /// Most images that the network sees at once.
    @WithConverter(BatchSize.class)
    @WithDefault("32")
    int batchSize();

    /// How long an image waits at most for others to share a batch or a transaction with. One with
    /// nothing behind it does not wait at all.
    @WithConverter(Converters.Time.class)
    @WithDefault("20ms")
    Duration maxDelay();

    /// Most images in flight; beyond that, partitions are paused.
    @WithConverter(Converters.Count.class)
    @WithDefault("512")
    int maxInFlight();

    /// Threads that find landmarks, where copies are looked for. Absent: one for each core.
    Optional<@WithConverter(Converters.Count.class) Integer> landmarkThreads();

    /// Threads that verify copies. Absent: one for each core.
    Optional<@WithConverter(Converters.Count.class) Integer> verifyThreads();

    /// How long finding the landmarks of one image, or verifying one pair, may take; beyond, it is
    /// given up and counted.
    @WithConverter(Converters.Time.class)
    @WithDefault("10s")
    Duration copyLimit();

    /// Images that are held elsewhere.
    ReferenceConfig references();

    /// Longest side of a thumbnail in pixels; 0 makes none.
    @WithConverter(ThumbnailSide.class)
    @WithDefault("192")
    int thumbnailSide();
  }

  /// `auto`, `cpu` or `gpu:N`.
  final class Device implements Converter<String> {
    @Override
    public String convert(String value) {
      if (!value.matches("auto|cpu|gpu:\\d{1,3}")) {
        throw new IllegalArgumentException("expected: auto, cpu or gpu:N");
      }
      return value;
    }
  }

  /// `process` or `none`.
  final class Isolation implements Converter<Boolean> {
    @Override
    public Boolean convert(String value) {
      return switch (value) {
        case "process" -> true;
        case "none" -> false;
        default -> throw new IllegalArgumentException("expected: process or none");
      };
    }
  }

  /// 100 ms to 10 minutes.
  final class DecodeLimit implements Converter<Duration> {
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

  /// 1 to 1024.
  final class BatchSize implements Converter<Integer> {
    @Override
    public Integer convert(String value) {
      return Converters.inRange(value, 1, 1024);
    }
  }

  /// 0 to 512: a larger thumbnail would not fit into a record of its topic.
  final class ThumbnailSide implements Converter<Integer> {
    @Override
    public Integer convert(String value) {
      return Converters.inRange(value, 0, 512);
    }
  }
}
