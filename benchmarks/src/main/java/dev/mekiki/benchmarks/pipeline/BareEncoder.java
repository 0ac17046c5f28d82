package dev.mekiki.benchmarks.pipeline;

import dev.mekiki.benchmarks.report.Figures;
import dev.mekiki.encoding.ImageEncoder;
import dev.mekiki.encoding.PreparedImage;
import dev.mekiki.encoding.decode.BadImageException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Decoding, fingerprint and network alone: an upper limit for the encoder service.
final class BareEncoder {
  private final ImageEncoder encoder;
  private final Pictures pictures;
  private final int cores;
  private final int batchSize;

  BareEncoder(ImageEncoder encoder, Pictures pictures, int cores, int batchSize) {
    this.encoder = encoder;
    this.pictures = pictures;
    this.cores = cores;
    this.batchSize = batchSize;
  }

  /// Images a second, measured over a number of images.
  double rate(int images) throws InterruptedException {
    long start = System.nanoTime();
    try (ExecutorService decoders = Executors.newFixedThreadPool(cores)) {
      Deque<Future<PreparedImage>> underWay = new ArrayDeque<>();
      List<PreparedImage> batch = new ArrayList<>();
      int next = 0;
      while (next < images || !underWay.isEmpty()) {
        while (next < images && underWay.size() < 4 * batchSize) {
          byte[] file = pictures.get(next++);
          underWay.add(decoders.submit(() -> prepare(file)));
        }
        batch.add(underWay.remove().get());
        if (batch.size() == batchSize || underWay.isEmpty()) {
          int encoded = encoder.encode(batch).size();
          if (encoded != batch.size()) {
            throw new IllegalStateException("codes: %d of %d".formatted(encoded, batch.size()));
          }
          batch.clear();
        }
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("a picture that could be prepared before", e);
    }
    return Figures.perSecond(images, System.nanoTime() - start);
  }

  private PreparedImage prepare(byte[] file) throws BadImageException {
    return encoder.prepare(file);
  }
}
