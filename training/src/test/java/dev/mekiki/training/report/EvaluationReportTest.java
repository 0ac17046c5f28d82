package dev.mekiki.training.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.training.evaluation.CodeDistances;
import dev.mekiki.training.evaluation.Evaluation;
import dev.mekiki.training.evaluation.Evaluation.Answer;
import dev.mekiki.training.evaluation.Evaluation.AtRadius;
import dev.mekiki.training.evaluation.Evaluation.Buckets;
import dev.mekiki.training.evaluation.Evaluation.Centers;
import dev.mekiki.training.evaluation.Evaluation.Edits;
import dev.mekiki.training.evaluation.Evaluation.Example;
import dev.mekiki.training.evaluation.Evaluation.MapAt;
import dev.mekiki.training.evaluation.Evaluation.Network;
import dev.mekiki.training.evaluation.Evaluation.Retrieval;
import dev.mekiki.training.evaluation.Evaluation.Stage;
import dev.mekiki.training.evaluation.PictureFile;
import dev.mekiki.training.evaluation.Pixels;
import dev.mekiki.training.report.writer.ReportTable;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

final class EvaluationReportTest {
  private static final String HOSTILE = "<script src=\"http://x/\">&'|`a";

  private final EvaluationReport report =
      new EvaluationReport(evaluation(), List.of(0, 2), "mekiki evaluate x");

  @Test
  void pageLoadsNothingAndHoldsPlotsAndPictures() throws Exception {
    Document page = page();

    NodeList all = page.getElementsByTagName("*");
    for (int i = 0; i < all.getLength(); i++) {
      Element element = (Element) all.item(i);
      assertThat(element.getTagName()).isNotIn("script", "link", "iframe", "object", "a");
      assertThat(element.getAttribute("href")).isEmpty();
      assertThat(element.getAttribute("src")).matches("|data:image/(png|jpeg);base64,.*");
    }
    assertThat(page.getElementsByTagName("style").item(0).getTextContent())
        .doesNotContain("url(", "@import", "<", ">", "&");
    // Precision over recall, by radius, buckets, one of edits, centers.
    assertThat(page.getElementsByTagName("svg").getLength()).isEqualTo(5);
    assertThat(page.getElementsByTagName("img").getLength()).isEqualTo(3);
  }

  @Test
  void namesAreTextWhateverTheyHold() throws Exception {
    Document page = page();

    assertThat(page.getElementsByTagName("title").item(0).getTextContent())
        .isEqualTo("Evaluation of " + HOSTILE);
    assertThat(page.getDocumentElement().getTextContent()).contains(HOSTILE + ", 3");
  }

  @Test
  void answersAreFramedByWhetherTheyAreOfTheClass() throws Exception {
    NodeList figures = page().getElementsByTagName("figure");
    List<String> kinds = new ArrayList<>();
    for (int i = 0; i < figures.getLength(); i++) {
      kinds.add(((Element) figures.item(i)).getAttribute("class"));
    }

    assertThat(kinds).containsExactly("query", "right", "wrong");
  }

  @Test
  void markdownHasEveryTableWithAsManyCellsInEachRow() {
    List<String> lines = report.markdown().lines().toList();

    for (ReportTable table : report.tables()) {
      assertThat(lines).contains("## " + table.title());
      table.rows().forEach(row -> assertThat(row).hasSameSizeAs(table.header()));
    }
    assertThat(lines).contains("| ALL | 0.4000 | 10 | 0.4100 | 0.3900 | 0.4200 |");
    assertThat(lines).contains("| 2 | 0.6000 | 0.7000 | 0.3000 | 4.0 | 12.50 % |");
    assertThat(report.markdown()).doesNotContain("<script");
  }

  @Test
  void bundleAloneHasTablesToo() throws IOException {
    Evaluation whole = evaluation();
    EvaluationReport alone =
        new EvaluationReport(
            new Evaluation(whole.network(), whole.centers(), null, List.of(), List.of()),
            List.of(),
            "mekiki evaluate x");

    assertThat(alone.tables()).hasSize(3);
    assertThat(alone.html(List.of())).doesNotContain("Mean average precision");
  }

  private Document page() throws Exception {
    byte[] picture = Pixels.png(new byte[3 * 4 * 4], 4);
    String html =
        report.html(
            List.of(
                new PictureFile("q", () -> picture),
                new PictureFile("a", () -> picture),
                new PictureFile("b", () -> picture)));
    assertThat(html).startsWith("<!DOCTYPE html>\n<html");
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(html)));
  }

  private static Evaluation evaluation() {
    List<AtRadius> radii =
        new ArrayList<>(Collections.nCopies(17, new AtRadius(0, 0.5, 0.5, 0.1, 1, 0)));
    radii.set(2, new AtRadius(2, 0.6, 0.7, 0.3, 4, 0.125));
    int[] moved = new int[17];
    moved[1] = 3;
    return new Evaluation(
        new Network(
            "file.mekiki",
            HOSTILE,
            "0123456789abcdef",
            16,
            1_000,
            "mekiki train",
            HOSTILE,
            1,
            2,
            3,
            "Apache-2.0",
            new TreeMap<>(Map.of("setting", HOSTILE)),
            new TreeMap<>(Map.of("map_at_all", 0.5))),
        new Centers(2, 8, 8, Collections.nCopies(17, 1)),
        new Retrieval(
            HOSTILE,
            8,
            9,
            2,
            List.of(new MapAt("ALL", 0.4, 0.41, 0.39, 0.42, 10)),
            0.405,
            radii,
            new Buckets(2, 2, 3, 4.5, 6, 1.9, 0.67, 1.5, List.of(3, 6)),
            0,
            null,
            List.of(
                new Example(
                    "q",
                    HOSTILE,
                    0.9,
                    List.of(
                        new Answer("a", HOSTILE, 3, true), new Answer("b", "other", 4, false)))),
            List.of()),
        List.of(new Edits(HOSTILE, 3, 2, List.of(CodeDistances.moved("blur", moved, 2)), null)),
        List.of(new Stage("encode", 17, 0.5)));
  }
}
