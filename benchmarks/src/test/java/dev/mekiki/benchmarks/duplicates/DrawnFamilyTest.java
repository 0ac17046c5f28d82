package dev.mekiki.benchmarks.duplicates;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.encoding.opencv.OpenCvLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opencv.core.CvType;
import org.opencv.core.Mat;
import org.opencv.core.Size;
import org.opencv.imgcodecs.Imgcodecs;
import org.opencv.imgproc.Imgproc;

class DrawnFamilyTest {
  static {
    OpenCvLibrary.load();
  }

  @TempDir private Path directory;

  @Test
  void sameNumbersDrawTheSamePictures() throws IOException {
    List<Original> once = DrawnFamily.drawAll(9, folder("once"), 1);
    List<Original> again = DrawnFamily.drawAll(9, folder("again"), 1);

    assertThat(once).hasSize(9);
    for (int i = 0; i < once.size(); i++) {
      assertThat(Files.mismatch(once.get(i).file(), again.get(i).file())).isEqualTo(-1);
    }
  }

  @Test
  void picturesOfOneFamilyDiffer() throws IOException {
    List<Original> drawn = DrawnFamily.drawAll(120, folder("drawn"), 1);
    List<Mat> small = drawn.stream().map(DrawnFamilyTest::small).toList();
    for (int i = 0; i < drawn.size(); i++) {
      for (int j = 0; j < i; j++) {
        assertThat(correlation(small.get(i), small.get(j)))
            .as("%s and %s: correlation", drawn.get(i).name(), drawn.get(j).name())
            .isLessThan(0.9);
      }
    }
    small.forEach(Mat::release);
  }

  private static double correlation(Mat one, Mat other) {
    Mat result = new Mat();
    Imgproc.matchTemplate(one, other, result, Imgproc.TM_CCOEFF_NORMED);
    double correlation = result.get(0, 0)[0];
    result.release();
    return correlation;
  }

  private static Mat small(Original picture) {
    Mat grey = Imgcodecs.imread(picture.file().toString(), Imgcodecs.IMREAD_GRAYSCALE);
    Mat small = new Mat();
    Imgproc.resize(grey, small, new Size(64, 64), 0, 0, Imgproc.INTER_AREA);
    grey.release();
    assertThat(small.type()).isEqualTo(CvType.CV_8UC1);
    return small;
  }

  private Path folder(String name) throws IOException {
    return Files.createDirectories(directory.resolve(name));
  }
}
