package dev.mekiki.training.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.centers.solve.CenterSolution;
import dev.mekiki.centers.solve.ClassSimilarity;
import dev.mekiki.encoding.bundle.Bundle;
import dev.mekiki.hashing.center.CenterTable;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.training.LabelNoise;
import dev.mekiki.training.TrainedBundle;
import dev.mekiki.training.TrainingResult;
import dev.mekiki.training.data.LabelledImages;
import dev.mekiki.training.loop.TrainingListener;
import dev.mekiki.training.loop.TrainingListener.Progress;
import dev.mekiki.training.loop.TrainingLog;
import dev.mekiki.training.report.writer.ReportTable;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

final class TrainingReportTest {
  private static final int SIDE = 4;

  private final Bundle bundle = Bundle.builtIn();
  private final CenterTable centers = bundle.centers();
  private final LabelledImages.Split images = new LabelledImages.Split(images(3), images(1));
  private final TrainingReport report = report(List.of());

  @Test
  void pageLoadsNothingAndHoldsPlotsAndPictures() throws Exception {
    Document page =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(report.html())));

    NodeList all = page.getElementsByTagName("*");
    for (int i = 0; i < all.getLength(); i++) {
      Element element = (Element) all.item(i);
      assertThat(element.getTagName()).isNotIn("script", "link", "iframe", "object", "a");
      assertThat(element.getAttribute("href")).isEmpty();
      assertThat(element.getAttribute("src")).matches("|data:image/(png|jpeg);base64,.*");
    }
    // MAP by bits, over bytes, precision over recall, centers, and the loss of one stage.
    assertThat(page.getElementsByTagName("svg").getLength()).isEqualTo(5);
    // Five queries answered best and five worst, with eight answers each.
    assertThat(page.getElementsByTagName("img").getLength()).isEqualTo(2 * 5 * 9);
    assertThat(page.getElementsByTagName("pre").item(0).getTextContent())
        .isEqualTo("mekiki train <x>");
  }

  @Test
  void codesNearTheirCentersProbeNoOtherPartitionAndFindAll() {
    List<String> quality = row("By number of bits", 0);
    assertThat(quality.getFirst()).isEqualTo("64");
    assertThat(quality.get(5)).isEqualTo("1.0000");
    // Both seeds have the built-in bundle, and so the MAP in its manifest.
    assertThat(quality.get(6)).endsWith("2 seeds)");
    List<String> length = row("Which hash length the data deserves", 0);
    assertThat(length).contains("8", "0.00", "8.00", "1.00 bits");
  }

  @Test
  void stagesAreReportedWithTheirTimes() {
    assertThat(row("What it took", 0)).startsWith("classifier", "2", "3.0", "1.0");
    assertThat(row("What it took", 1)).startsWith("centers, 64 bits, seed 1");
  }

  @Test
  void wrongLabelsAreACurveWhereTheyWereMeasured() throws Exception {
    assertThat(report.tables()).extracting(ReportTable::title).doesNotContain("Wrong labels");
    assertThat(report.html()).doesNotContain("Wrong labels", "wrong labels");
    TrainingReport noisy =
        report(
            List.of(
                new LabelNoise.Measured(0, 64, 0.7, 0.61, 0.66),
                new LabelNoise.Measured(0.4f, 64, 0.5, 0.31, 0.46),
                new LabelNoise.Measured(0.1f, 64, 0.6, 0.51, 0.56)));

    assertThat(row(noisy, "Wrong labels", 1))
        .containsExactly("40.00 %", "0.3100", "46.00 %", "50.00 %");
    assertThat(noisy.markdown()).contains("| 10.00 % | 0.5100 | 56.00 % | 60.00 % |");
    assertThat(noisy.html())
        .contains("Quality over wrong labels, 64 bits", "% of the labels wrong", ">classifier<");
  }

  private TrainingReport report(List<LabelNoise.Measured> noise) {
    return new TrainingReport(
        result(), images, noise, log(), "mekiki train <x>", (stage, done, total) -> {});
  }

  private List<String> row(String table, int row) {
    return row(report, table, row);
  }

  private static List<String> row(TrainingReport report, String table, int row) {
    return report.tables().stream()
        .filter(one -> one.title().equals(table))
        .findFirst()
        .orElseThrow()
        .rows()
        .get(row);
  }

  private TrainingResult result() {
    int classes = centers.size();
    float[][] similarity = new float[classes][classes];
    for (int i = 0; i < classes; i++) {
      similarity[i][i] = 1;
    }
    CenterSolution solution =
        new CenterSolution(centers.centers(), "annealed", 24, centers.minimumDistance(), 0.01, 2);
    return new TrainingResult(
        0.5,
        ClassSimilarity.of(similarity),
        List.of(
            new TrainedBundle(bundle, 1, solution, codes(images.training()), codes(images.test())),
            new TrainedBundle(
                bundle, 2, solution, codes(images.training()), codes(images.test()))));
  }

  /// Each one bit from its center.
  private List<HashCode> codes(LabelledImages of) {
    List<HashCode> codes = new ArrayList<>();
    for (int i = 0; i < of.size(); i++) {
      long[] words = centers.center(of.labels()[i]).words();
      words[0] ^= 1L << (i % Long.SIZE);
      codes.add(HashCode.of(centers.bits(), words));
    }
    return codes;
  }

  private LabelledImages images(int perClass) {
    Random random = new Random(perClass);
    List<byte[]> pixels = new ArrayList<>();
    int[] labels = new int[perClass * centers.size()];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = i % centers.size();
      byte[] picture = new byte[SIDE * SIDE * 3];
      random.nextBytes(picture);
      pixels.add(picture);
    }
    return new LabelledImages("noise", SIDE, centers.labels(), pixels, labels);
  }

  /// Two epochs of two steps, a second each.
  private static TrainingLog log() {
    AtomicLong nanos = new AtomicLong();
    TrainingLog log = new TrainingLog(TrainingListener.SILENT, nanos::get);
    for (int step = 1; step <= 4; step++) {
      nanos.addAndGet(1_000_000_000);
      Progress progress = new Progress("classifier", (step + 1) / 2, 2, step, 4);
      log.stepDone(progress, 1f / step);
      if (step % 2 == 0) {
        log.epochDone(progress, 1.0 / step);
      }
    }
    return log;
  }
}
