package dev.mekiki.encoder;

import dev.mekiki.encoding.decode.DecodeLimits;
import dev.mekiki.encoding.decode.ImageDecoder;
import dev.mekiki.encoding.decode.PictureDecoder;
import dev.mekiki.encoding.decode.process.DecodingProcesses;
import dev.mekiki.encoding.decode.process.DecodingUnavailableException;
import dev.mekiki.runtime.StartException;
import dev.mekiki.runtime.lifecycle.ReverseCloser;

/// The decoder that stream, queries and landmarks share: processes beside this one, or this one.
final class DecoderChoice {
  private DecoderChoice() {}

  /// The decoder that is configured.
  ///
  /// @param parts closes it
  /// @throws StartException where no process can be started
  static PictureDecoder decoder(EncoderConfig config, ReverseCloser parts) {
    DecodeLimits limits =
        new DecodeLimits(
            config.images().maxBytes(),
            config.images().maxPixels(),
            config.encoder().partialImages());
    if (!config.encoder().decodeIsolation()) {
      return new ImageDecoder(limits);
    }
    // One more than threads of the stream, so that a query need not wait for all of them.
    DecodingProcesses.Settings settings =
        new DecodingProcesses.Settings(
            limits,
            threads(config) + 1,
            config.encoder().decodeLimit(),
            config.encoder().decodeMemory());
    try {
      return parts.add(DecodingProcesses.start(settings));
    } catch (DecodingUnavailableException e) {
      throw new StartException(String.valueOf(e.getMessage()), e);
    }
  }

  /// Threads of the stream that decode.
  static int threads(EncoderConfig config) {
    return config.encoder().decoders().orElse(Runtime.getRuntime().availableProcessors());
  }
}
