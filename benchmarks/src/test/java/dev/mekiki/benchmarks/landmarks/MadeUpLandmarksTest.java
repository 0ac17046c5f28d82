package dev.mekiki.benchmarks.landmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.mekiki.hashing.landmark.LandmarkIndex;
import dev.mekiki.hashing.landmark.PatchHash;
import dev.mekiki.hashing.landmark.SoughtLandmarks;
import dev.mekiki.hashing.landmark.StoredLandmarks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MadeUpLandmarksTest {
  @TempDir private Path directory;

  @Test
  void keysAreEqualAsOftenAsInTheSample() throws IOException {
    SampledLandmarks sample = SampledLandmarks.builtIn();
    MadeUpLandmarks pictures = MadeUpLandmarks.like(sample, 1);

    // Far from what chance would make.
    assertThat(sample.equalKeys()).isGreaterThan(3 * Math.pow(2, -24));
    assertThat(pictures.equalKeys()).isCloseTo(sample.equalKeys(), withinPercentage(20));
  }

  /// What is counted key by key is what a look-up reads.
  @Test
  void equalKeysAreThoseThatTheIndexReads() throws IOException {
    MadeUpLandmarks pictures = MadeUpLandmarks.like(SampledLandmarks.builtIn(), 2);
    List<StoredLandmarks> stored = Stream.generate(pictures::stored).limit(2_000).toList();
    List<SoughtLandmarks> sought = Stream.generate(pictures::sought).limit(20).toList();
    LandmarkIndex index = new LandmarkIndex();
    stored.forEach(index::add);
    sought.forEach(one -> index.candidates(one, 2));

    assertThat(index.landmarksRead())
        .isEqualTo(EqualKeys.count(stored, sought, PatchHash.VARIANTS));
  }

  @Test
  void sampleIsReadAsItWasWritten() throws IOException {
    SampledLandmarks sample = SampledLandmarks.builtIn();
    Path file = directory.resolve("sample");
    sample.write(file);

    assertThat(Files.size(file)).isEqualTo(8 + 2 * 101 + 22L * sample.size());
    assertThat(sample.size()).isEqualTo(8_192);
  }
}
