package dev.mekiki.launcher.center;

import dev.mekiki.encoding.EncodedImage;
import dev.mekiki.encoding.EncoderSettings;
import dev.mekiki.encoding.ImageEncoder;
import dev.mekiki.encoding.PreparedImage;
import dev.mekiki.encoding.bundle.Bundle;
import dev.mekiki.encoding.decode.BadImageException;
import dev.mekiki.hashing.code.HashCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// The codes that a bundle's network gives to image files.
///
/// @param codes of the files that could be encoded, in their order
/// @param leftOut the others, each with its reason
public record ImageCodes(List<HashCode> codes, List<String> leftOut) {
  private static final int BATCH = 32;

  public ImageCodes {
    codes = List.copyOf(codes);
    leftOut = List.copyOf(leftOut);
  }

  /// One file after its work without the network.
  private sealed interface Prepared {
    record Good(PreparedImage image) implements Prepared {}

    record Bad(String reason) implements Prepared {}
  }

  /// Encodes files as the encoder service does: decoded on all cores, in batches through the
  /// network.
  ///
  /// @param done called after each file
  public static ImageCodes of(Bundle bundle, List<Path> files, Runnable done)
      throws InterruptedException {
    EncoderSettings defaults = EncoderSettings.defaults();
    EncoderSettings settings =
        new EncoderSettings(
            defaults.device(), defaults.predictors(), defaults.maxBytes(), defaults.maxPixels(), 0);
    List<HashCode> codes = new ArrayList<>();
    List<String> leftOut = new ArrayList<>();
    try (ImageEncoder encoder = ImageEncoder.open(bundle, settings);
        ExecutorService decoders =
            Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
      Deque<Future<Prepared>> underWay = new ArrayDeque<>();
      List<PreparedImage> batch = new ArrayList<>();
      int next = 0;
      while (next < files.size() || !underWay.isEmpty()) {
        while (next < files.size() && underWay.size() < 4 * BATCH) {
          Path file = files.get(next++);
          underWay.add(decoders.submit(() -> prepare(encoder, file)));
        }
        switch (underWay.remove().get()) {
          case Prepared.Good(PreparedImage image) -> batch.add(image);
          case Prepared.Bad(String reason) -> leftOut.add(reason);
        }
        if (batch.size() == BATCH || underWay.isEmpty()) {
          encoder.encode(batch).stream().map(EncodedImage::code).forEach(codes::add);
          batch.clear();
        }
        done.run();
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("an image that can neither be encoded nor refused", e);
    }
    return new ImageCodes(codes, leftOut);
  }

  private static Prepared prepare(ImageEncoder encoder, Path file) {
    try {
      return new Prepared.Good(encoder.prepare(Files.readAllBytes(file)));
    } catch (BadImageException e) {
      return new Prepared.Bad("%s: %s".formatted(file, e.getMessage()));
    } catch (IOException e) {
      return new Prepared.Bad("%s: cannot be read: %s".formatted(file, e.getMessage()));
    }
  }
}
