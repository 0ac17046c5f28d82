package dev.mekiki.runtime.config;

import dev.mekiki.schemas.image.Retention;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/// `mekiki.images.*`: what an image may cost, and how long it is kept. Every service of one
/// installation has the same.
public interface ImageLimits {
  /// Most bytes of an encoded image; an image of exactly that many is accepted.
  @WithConverter(Converters.ImageBytes.class)
  @WithDefault("16MiB")
  int maxBytes();

  /// Most pixels, width times height, known before anything is decoded.
  @WithConverter(Converters.Pixels.class)
  @WithDefault("100000000")
  long maxPixels();

  /// For how long an image is kept, from the timestamp of its newest record on `images`; after that
  /// it is treated as deleted. 1m to 36500d, such as 90d. Absent: until it is deleted, or expires
  /// by its header.
  Optional<@WithConverter(Converters.ImageRetention.class) Duration> retention();

  /// {@link #retention} as services take it.
  default Retention kept() {
    return Retention.of(retention());
  }
}
