package dev.mekiki.encoding;

import dev.mekiki.encoding.bundle.Bundle;
import dev.mekiki.encoding.bundle.Manifest;
import dev.mekiki.encoding.decode.BadImageException;
import dev.mekiki.encoding.decode.DecodedImage;
import dev.mekiki.encoding.decode.ImageDecoder;
import dev.mekiki.encoding.decode.PictureDecoder;
import dev.mekiki.encoding.io.Sha256Digest;
import dev.mekiki.encoding.network.InstanceHashing;
import dev.mekiki.encoding.network.NetworkPredictor;
import dev.mekiki.encoding.network.NetworkPredictor.Outputs;
import dev.mekiki.encoding.network.ViewMean;
import dev.mekiki.encoding.opencv.NativeMemory;
import dev.mekiki.encoding.preprocess.Preprocessor;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.pdq.Fingerprint;
import dev.mekiki.hashing.pdq.PdqHasher;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Turns image files into codes. Thread-safe: call {@link #prepare} from as many threads as there
/// are cores, and {@link #encode} from any.
///
/// The same bytes always give the same fingerprint. Hash and instance codes come out of floating
/// point sums whose order depends on the batch, so a bit whose output is all but 0 may differ
/// between two calls: compare `sha256`, never codes, to learn whether an image has changed.
public final class ImageEncoder implements AutoCloseable {
  private final Bundle bundle;
  private final PictureDecoder decoder;
  private final Thumbnailer thumbnailer;
  private final Preprocessor preprocessor;
  private final int views;
  private final int viewLength;
  private final int bits;
  private final InstanceHashing instanceHashing;
  private final float[] normals;
  private final NetworkPredictor predictor;

  private ImageEncoder(
      Bundle bundle, EncoderSettings settings, PictureDecoder decoder, NetworkPredictor predictor) {
    Manifest manifest = bundle.manifest();
    this.bundle = bundle;
    this.decoder = decoder;
    this.thumbnailer = new Thumbnailer(settings.thumbnailSide());
    this.preprocessor = new Preprocessor(manifest.preprocessing());
    this.views = manifest.preprocessing().views().size();
    this.viewLength = manifest.preprocessing().viewLength();
    this.bits = manifest.bits();
    this.instanceHashing = manifest.instanceHashing();
    this.normals = instanceHashing.normals();
    this.predictor = predictor;
  }

  /// An encoder with its network loaded and warm, which decodes in this process.
  ///
  /// @throws IllegalStateException where the device asked for is not there
  /// @throws IllegalArgumentException where the engine cannot run the bundle's backbone
  public static ImageEncoder open(Bundle bundle, EncoderSettings settings) {
    return open(bundle, settings, new ImageDecoder(settings.maxBytes(), settings.maxPixels()));
  }

  /// The same with a decoder of the caller, who closes it; the limits are the decoder's.
  public static ImageEncoder open(Bundle bundle, EncoderSettings settings, PictureDecoder decoder) {
    NetworkPredictor predictor =
        NetworkPredictor.load(bundle.network(), settings.device(), settings.predictors());
    return new ImageEncoder(bundle, settings, decoder, predictor);
  }

  /// Everything that needs no network: SHA-256, limits, decoding, fingerprint, thumbnail and the
  /// network's input. Work for one core.
  ///
  /// @param bytes an image file; neither kept nor changed
  /// @throws BadImageException where these bytes can never be encoded under these settings
  /// @throws OutOfMemoryError where heap or native memory does not suffice now; it may, when less
  ///   is prepared at the same time
  public PreparedImage prepare(byte[] bytes) throws BadImageException {
    try {
      return prepared(bytes);
    } catch (BadImageException e) {
      throw e;
    } catch (Exception e) {
      if (NativeMemory.isExhausted(e)) {
        throw (OutOfMemoryError) new OutOfMemoryError("native memory: " + e).initCause(e);
      }
      // OpenCV throws checked exceptions that it does not declare.
      throw e instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(e);
    }
  }

  private PreparedImage prepared(byte[] bytes) throws BadImageException {
    try (DecodedImage image = decoder.decode(bytes)) {
      Fingerprint fingerprint =
          PdqHasher.hash(image.luminance(), image.bgr().cols(), image.bgr().rows());
      return new PreparedImage(
          Sha256Digest.start().digest(bytes),
          image.format().contentType(),
          image.width(),
          image.height(),
          image.partial(),
          fingerprint,
          thumbnailer.thumbnail(image.bgr()),
          preprocessor.input(image.bgr(), image.luma()));
    }
  }

  /// The codes of prepared images, in their order. Large lists are cut into batches of at most 32.
  public List<EncodedImage> encode(List<PreparedImage> batch) {
    List<float[]> inputs = new ArrayList<>(batch.size() * views);
    for (PreparedImage image : batch) {
      if (views == 1) {
        inputs.add(image.input());
        continue;
      }
      for (int view = 0; view < views; view++) {
        inputs.add(Arrays.copyOfRange(image.input(), view * viewLength, (view + 1) * viewLength));
      }
    }
    Outputs outputs = predictor.predict(inputs);
    List<EncodedImage> encoded = new ArrayList<>(batch.size());
    for (int i = 0; i < batch.size(); i++) {
      float[] features =
          ViewMean.features(outputs.features(), i, views, instanceHashing.featureMean().size());
      encoded.add(
          batch
              .get(i)
              .encoded(
                  HashCode.fromOutputs(ViewMean.hash(outputs.hash(), i, views, bits)),
                  instanceHashing.code(normals, features)));
    }
    return encoded;
  }

  /// Runs the network on a blank image, to distinguish a failing network from an image that makes
  /// it fail.
  ///
  /// @throws RuntimeException where the network fails
  public void checkNetwork() {
    Outputs _ = predictor.predict(List.of(new float[viewLength]));
  }

  public Bundle bundle() {
    return bundle;
  }

  /// Ends the predictor threads and releases the network.
  @Override
  public void close() {
    predictor.close();
  }
}
