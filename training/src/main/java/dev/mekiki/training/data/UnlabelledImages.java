package dev.mekiki.training.data;

import dev.mekiki.encoding.EncoderSettings;
import dev.mekiki.encoding.decode.BadImageException;
import dev.mekiki.encoding.decode.DecodedImage;
import dev.mekiki.encoding.decode.ImageDecoder;
import dev.mekiki.encoding.preprocess.Luma;
import dev.mekiki.encoding.preprocess.Preprocessing;
import dev.mekiki.encoding.preprocess.Preprocessing.Colour;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.opencv.core.Mat;
import org.opencv.imgproc.Imgproc;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Pictures of no known class, all of one size, in memory.
///
/// @param description what they are and where they come from, for the manifest
/// @param side pixels of each edge
/// @param colour what the bytes of a pixel are
/// @param pixels of each picture: side x side x channels, row-major; not copied
public record UnlabelledImages(String description, int side, Colour colour, List<byte[]> pixels) {
  private static final Logger log = LoggerFactory.getLogger(UnlabelledImages.class);

  public UnlabelledImages {
    pixels = List.copyOf(pixels);
    int length = side * side * colour.channels();
    for (byte[] picture : pixels) {
      if (picture.length != length) {
        throw new IllegalArgumentException(
            "picture: %d bytes (expected: %d)".formatted(picture.length, length));
      }
    }
  }

  public int size() {
    return pixels.size();
  }

  /// The pictures of image files, in their order, decoded on all cores. Files that are no pictures
  /// are left out with a warning each.
  ///
  /// @param preprocessing of the network that is to read them: its colour, and how they become
  ///   squares
  /// @param side of the squares
  /// @param done called after each file, by any thread
  /// @throws IOException where a file cannot be read
  public static UnlabelledImages read(
      String description, List<Path> files, Preprocessing preprocessing, int side, Runnable done)
      throws IOException {
    EncoderSettings limits = EncoderSettings.defaults();
    ImageDecoder decoder = new ImageDecoder(limits.maxBytes(), limits.maxPixels());
    try {
      return new UnlabelledImages(
          description,
          side,
          preprocessing.colour(),
          files.parallelStream()
              .map(file -> {
                Optional<byte[]> picture = pixels(decoder, file, preprocessing, side);
                done.run();
                return picture;
              })
              .flatMap(Optional::stream)
              .toList());
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /// Pictures whose classes do not matter.
  public static UnlabelledImages of(LabelledImages images, Colour colour) {
    return new UnlabelledImages(
        images.description(),
        images.side(),
        colour,
        colour == Colour.RGB
            ? images.pixels()
            : images.pixels().stream().map(UnlabelledImages::luma).toList());
  }

  private static byte[] luma(byte[] rgb) {
    byte[] luma = new byte[rgb.length / 3];
    for (int i = 0; i < luma.length; i++) {
      luma[i] = (byte) Luma.of(rgb[3 * i] & 0xFF, rgb[3 * i + 1] & 0xFF, rgb[3 * i + 2] & 0xFF);
    }
    return luma;
  }

  private static Optional<byte[]> pixels(
      ImageDecoder decoder, Path file, Preprocessing preprocessing, int side) {
    Mat square = new Mat();
    try (DecodedImage image = decoder.decode(Files.readAllBytes(file))) {
      boolean luma = preprocessing.colour() == Colour.LUMA;
      preprocessing.resizing().resize(luma ? image.luma() : image.bgr(), square, side);
      if (!luma) {
        Imgproc.cvtColor(square, square, Imgproc.COLOR_BGR2RGB);
      }
      byte[] pixels = new byte[side * side * preprocessing.colour().channels()];
      square.get(0, 0, pixels);
      return Optional.of(pixels);
    } catch (BadImageException e) {
      log.warn("left out file={} reason={} message={}", file, e.reason(), e.getMessage());
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      square.release();
    }
  }
}
