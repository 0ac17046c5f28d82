package dev.mekiki.training.evaluation;

import dev.mekiki.encoding.EncodedImage;
import dev.mekiki.encoding.EncoderSettings;
import dev.mekiki.encoding.ImageEncoder;
import dev.mekiki.encoding.PreparedImage;
import dev.mekiki.encoding.bundle.Bundle;
import dev.mekiki.encoding.decode.BadImageException;
import dev.mekiki.encoding.decode.DecodedImage;
import dev.mekiki.hashing.code.HashCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Encodes many files on all cores, in chunks, so that memory holds one chunk.
final class BulkEncoder implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(BulkEncoder.class);

  /// Files, a few batches for each core.
  private static final int CHUNK = 256;

  private final ImageEncoder encoder;

  BulkEncoder(Bundle bundle) {
    EncoderSettings limits = EncoderSettings.defaults();
    this.encoder =
        ImageEncoder.open(
            bundle,
            new EncoderSettings(
                limits.device(),
                Runtime.getRuntime().availableProcessors(),
                limits.maxBytes(),
                limits.maxPixels(),
                0));
  }

  /// The code of each file, empty where it is no picture that can be encoded, which is warned of.
  List<Optional<HashCode>> codes(List<PictureFile> files, String stage, EvaluationListener listener)
      throws IOException {
    List<Optional<HashCode>> codes = new ArrayList<>(files.size());
    for (int from = 0; from < files.size(); from += CHUNK) {
      List<PictureFile> chunk = files.subList(from, Math.min(files.size(), from + CHUNK));
      List<List<PreparedImage>> prepared =
          inParallel(chunk, bytes -> List.of(encoder.prepare(bytes)));
      codes.addAll(encoded(prepared).stream().map(own -> own.stream().findFirst()).toList());
      listener.progress(stage, codes.size(), files.size());
    }
    return codes;
  }

  /// The code of each picture and then those of its edited copies, in the order of {@link
  /// PictureEdit}; nothing for a file that is no picture, which is warned of.
  List<List<HashCode>> copies(List<PictureFile> files, String stage, EvaluationListener listener)
      throws IOException {
    List<List<HashCode>> codes = new ArrayList<>();
    int chunkSize = CHUNK / (1 + PictureEdit.values().length);
    for (int from = 0; from < files.size(); from += chunkSize) {
      int to = Math.min(files.size(), from + chunkSize);
      List<List<PreparedImage>> prepared =
          inParallel(files.subList(from, to), this::preparedCopies);
      encoded(prepared).stream().filter(own -> !own.isEmpty()).forEach(codes::add);
      listener.progress(stage, to, files.size());
    }
    return codes;
  }

  private List<PreparedImage> preparedCopies(byte[] bytes) throws BadImageException {
    List<PreparedImage> prepared = new ArrayList<>();
    prepared.add(encoder.prepare(bytes));
    try (DecodedImage image = Pixels.decoded(bytes)) {
      for (PictureEdit edit : PictureEdit.values()) {
        prepared.add(encoder.prepare(edit.file(image.bgr())));
      }
    }
    return prepared;
  }

  private static List<List<PreparedImage>> inParallel(
      List<PictureFile> files, Preparation preparation) throws IOException {
    try {
      return files.parallelStream().map(file -> prepared(file, preparation)).toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static List<PreparedImage> prepared(PictureFile file, Preparation preparation) {
    try {
      return preparation.of(file.content().bytes());
    } catch (BadImageException e) {
      log.warn("left out file={} reason={} message={}", file.name(), e.reason(), e.getMessage());
      return List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<List<HashCode>> encoded(List<List<PreparedImage>> prepared) {
    List<EncodedImage> images = encoder.encode(prepared.stream().flatMap(List::stream).toList());
    List<List<HashCode>> codes = new ArrayList<>();
    int at = 0;
    for (List<PreparedImage> own : prepared) {
      codes.add(images.subList(at, at + own.size()).stream().map(EncodedImage::code).toList());
      at += own.size();
    }
    return codes;
  }

  @Override
  public void close() {
    encoder.close();
  }

  private interface Preparation {
    List<PreparedImage> of(byte[] bytes) throws BadImageException;
  }
}
