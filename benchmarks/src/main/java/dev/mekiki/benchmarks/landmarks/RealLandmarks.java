package dev.mekiki.benchmarks.landmarks;

import dev.mekiki.benchmarks.report.Progress;
import dev.mekiki.encoding.EncoderSettings;
import dev.mekiki.encoding.decode.BadImageException;
import dev.mekiki.encoding.decode.DecodedImage;
import dev.mekiki.encoding.decode.ImageDecoder;
import dev.mekiki.encoding.landmark.LandmarkDetector;
import dev.mekiki.hashing.landmark.PatchHash;
import dev.mekiki.hashing.landmark.SoughtLandmarks;
import dev.mekiki.hashing.landmark.StoredLandmarks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The landmarks of picture files: what each is stored with and what it looks for.
record RealLandmarks(List<StoredLandmarks> stored, List<SoughtLandmarks> sought) {
  RealLandmarks {
    stored = List.copyOf(stored);
    sought = List.copyOf(sought);
  }

  static RealLandmarks of(List<Path> pictures) throws IOException, BadImageException {
    ImageDecoder decoder =
        new ImageDecoder(
            EncoderSettings.defaults().maxBytes(), EncoderSettings.defaults().maxPixels());
    List<StoredLandmarks> stored = new ArrayList<>();
    List<SoughtLandmarks> sought = new ArrayList<>();
    try (LandmarkDetector detector = new LandmarkDetector();
        Progress progress = new Progress("pictures", pictures.size())) {
      for (Path picture : pictures) {
        try (DecodedImage image = decoder.decode(Files.readAllBytes(picture))) {
          LandmarkDetector.Found found = detector.detect(image.luma());
          stored.add(found.stored());
          sought.add(found.sought());
        }
        progress.stepTo(stored.size());
      }
    }
    return new RealLandmarks(stored, sought);
  }

  /// Share of equal keys over all look-ups of all pictures and all landmarks stored of others.
  double equalKeys() {
    long stored = landmarks();
    long equal = EqualKeys.count(this.stored, sought);
    double pairs = 0;
    for (int i = 0; i < sought.size(); i++) {
      equal -= ownKeys(i);
      pairs += (double) sought.get(i).size() * (stored - this.stored.get(i).size());
    }
    return equal / (pairs * EqualKeys.LOOK_UPS * PatchHash.KEYS);
  }

  /// Number of stored landmarks of all pictures.
  private long landmarks() {
    return stored.stream().mapToLong(StoredLandmarks::size).sum();
  }

  /// How many landmarks of its own a picture comes upon when it is looked up.
  long ownKeys(int picture) {
    return EqualKeys.count(stored.get(picture), sought.get(picture));
  }
}
