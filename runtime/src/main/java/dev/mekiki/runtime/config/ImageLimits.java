package dev.mekiki.runtime.config;

import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;

/// `mekiki.images.*`: what an image may cost. Every service of one installation has the same.
public interface ImageLimits {
  /// Most bytes of an encoded image; an image of exactly that many is accepted.
  @WithConverter(Converters.ImageBytes.class)
  @WithDefault("16MiB")
  int maxBytes();

  /// Most pixels, width times height, known before anything is decoded.
  @WithConverter(Converters.Pixels.class)
  @WithDefault("100000000")
  long maxPixels();
}
