package dev.mekiki.benchmarks.duplicates;

import dev.mekiki.benchmarks.report.Progress;
import dev.mekiki.samples.SamplePicture;
import dev.mekiki.samples.SampleSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.opencv.core.Mat;
import org.opencv.imgcodecs.Imgcodecs;

/// Pictures unlike photos, drawn by numbers: the same number gives the same picture, and any two
/// differ in all that they show.
enum DrawnFamily {
  /// Landscapes, still lifes and patterns: those of the demo.
  SCENE {
    @Override
    Mat draw(SplittableRandom random) {
      throw new UnsupportedOperationException("scenes are drawn by the demo");
    }
  },

  /// Windows with text, lists, tables and code.
  SCREENSHOT {
    @Override
    Mat draw(SplittableRandom random) {
      return new ScreenshotDrawing(random).draw();
    }
  },

  /// A symbol of few flat colours.
  ICON {
    @Override
    Mat draw(SplittableRandom random) {
      return IconDrawing.draw(random);
    }
  },

  /// Black strokes on white.
  LINE_ART {
    @Override
    Mat draw(SplittableRandom random) {
      return new LineDrawing(random).draw();
    }
  };

  abstract Mat draw(SplittableRandom random);

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// Draws pictures of all families in turn into a directory, those of one family together.
  ///
  /// @param count of all families together
  static List<Original> drawAll(int count, Path directory, long seed) throws IOException {
    List<Original> drawn = new ArrayList<>();
    if (count == 0) {
      return drawn;
    }
    try (Progress progress = new Progress("drawing", count)) {
      List<DrawnFamily> families = List.of(values());
      for (int i = 0; i < families.size(); i++) {
        DrawnFamily family = families.get(i);
        int of = count / families.size() + (i < count % families.size() ? 1 : 0);
        long ofFamily = seed * 1_000_003 + 10_007L * i;
        drawn.addAll(
            family == SCENE ? scenes(of, directory) : family.draw(of, directory, ofFamily));
        progress.stepTo(drawn.size());
      }
    }
    return drawn;
  }

  private static List<Original> scenes(int count, Path directory) throws IOException {
    List<Original> drawn = new ArrayList<>();
    if (count == 0) {
      return drawn;
    }
    SampleSet samples = SampleSet.drawn(count);
    for (SamplePicture picture : samples.pictures()) {
      if (picture.isOriginal()) {
        Path file = directory.resolve("%s-%03d.jpg".formatted(SCENE.label(), drawn.size()));
        Files.write(file, samples.bytes(picture));
        drawn.add(new Original(file, SCENE.label()));
      }
    }
    return drawn;
  }

  private List<Original> draw(int count, Path directory, long seed) throws IOException {
    List<Original> drawn = new ArrayList<>();
    for (int number = 0; number < count; number++) {
      Path file = directory.resolve("%s-%03d.png".formatted(label(), number));
      Mat picture = draw(new SplittableRandom(seed + number));
      try {
        if (!Imgcodecs.imwrite(file.toString(), picture)) {
          throw new IOException("%s: not written".formatted(file));
        }
      } finally {
        picture.release();
      }
      drawn.add(new Original(file, label()));
    }
    return drawn;
  }
}
