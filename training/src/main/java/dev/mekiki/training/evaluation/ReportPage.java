package dev.mekiki.training.evaluation;

import dev.mekiki.encoding.BadImageException;
import dev.mekiki.training.evaluation.Evaluation.AtRadius;
import dev.mekiki.training.evaluation.Evaluation.Edits;
import dev.mekiki.training.evaluation.Evaluation.Example;
import dev.mekiki.training.evaluation.Evaluation.Moved;
import dev.mekiki.training.evaluation.Evaluation.Retrieval;
import java.io.IOException;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// One HTML file that loads nothing: styles, plots and pictures are in it.
final class ReportPage {
  // Without > and &, which the writer would escape and browsers not take back in a style.
  private static final String STYLE =
      """
      body { font: 15px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif; color: #0f172a;
        background: #f8fafc; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
      h1 { font-size: 1.6rem; } h2 { font-size: 1.15rem; margin-top: 2.2rem; }
      p { color: #475569; }
      pre { background: #e2e8f0; padding: .6rem .8rem; border-radius: 6px; white-space: pre-wrap; }
      table { border-collapse: collapse; background: #fff; }
      th, td { border: 1px solid #e2e8f0; padding: .25rem .7rem; text-align: left; }
      th { background: #f1f5f9; font-weight: 600; }
      svg { background: #fff; border: 1px solid #e2e8f0; border-radius: 10px; display: block;
        max-width: 40rem; margin: .8rem 0; }
      .name { font-size: 14px; font-weight: 600; fill: #0f172a; }
      .label { font-size: 11px; fill: #475569; }
      .grid { stroke: #e2e8f0; }
      .answers { display: flex; flex-wrap: wrap; gap: .5rem; margin: .6rem 0 1.2rem; }
      figure { margin: 0; width: 5.6rem; font-size: 11px; overflow-wrap: anywhere; }
      img { width: 5rem; height: 5rem; object-fit: contain; border: 4px solid #94a3b8;
        border-radius: 6px; background: #fff; }
      .right img { border-color: #16a34a; } .wrong img { border-color: #dc2626; }
      """;

  private final Evaluation evaluation;
  private final String command;
  private final List<ReportTable> tables;
  private final Markup page = new Markup();

  ReportPage(Evaluation evaluation, String command, List<ReportTable> tables) {
    this.evaluation = evaluation;
    this.command = command;
    this.tables = tables;
  }

  String draw(List<PictureFile> pictures) throws IOException {
    String title = "Evaluation of " + evaluation.network().name();
    page.open("html", "lang", "en")
        .open("head")
        .leaf("meta", "charset", "utf-8")
        .leaf("meta", "name", "viewport", "content", "width=device-width, initial-scale=1")
        .element("title", title)
        .element("style", STYLE)
        .close()
        .open("body")
        .element("h1", title)
        .element("pre", command);
    tables.forEach(this::table);
    page.element("h2", "Plots");
    Retrieval retrieval = evaluation.retrieval();
    if (retrieval != null) {
      retrievalPlots(retrieval);
    }
    evaluation.edits().forEach(this::editPlot);
    centerPlot();
    if (retrieval != null) {
      Map<String, PictureFile> byName = shown(retrieval, pictures);
      examples("Queries answered best, one of each class", retrieval.best(), byName);
      examples("Queries answered worst, one of each class", retrieval.worst(), byName);
    }
    settings();
    page.close().close();
    return "<!DOCTYPE html>\n" + page + "\n";
  }

  private void table(ReportTable table) {
    page.element("h2", table.title());
    if (!table.note().isEmpty()) {
      page.element("p", table.note());
    }
    page.open("table").open("tr");
    table.header().forEach(cell -> page.element("th", cell));
    page.close();
    for (List<String> row : table.rows()) {
      page.open("tr");
      row.forEach(cell -> page.element("td", cell));
      page.close();
    }
    page.close();
  }

  private void retrievalPlots(Retrieval retrieval) {
    double[] recall = column(retrieval, AtRadius::recall);
    double[] radius = column(retrieval, AtRadius::radius);
    new Plot(page, "Precision over recall", "recall", 1, 1)
        .line("pooled precision", recall, column(retrieval, AtRadius::pooledPrecision))
        .close();
    new Plot(page, "By radius", "radius, bits", evaluation.network().bits(), 1)
        .line("pooled precision", radius, column(retrieval, AtRadius::pooledPrecision))
        .line("precision", radius, column(retrieval, AtRadius::precision))
        .line("recall", radius, recall)
        .close();
    List<Integer> sizes =
        retrieval.buckets().sizes().stream().sorted(Collections.reverseOrder()).toList();
    new Plot(
            page,
            "Images of each bucket, fullest first",
            "bucket",
            Math.max(1, sizes.size() - 1),
            Math.max(1, sizes.getFirst()))
        .bars("images", sizes)
        .close();
  }

  private static double[] column(Retrieval retrieval, ToDoubleFunction<AtRadius> value) {
    return retrieval.radii().stream().mapToDouble(value).toArray();
  }

  private void editPlot(Edits edits) {
    int bits = evaluation.network().bits();
    Plot plot =
        new Plot(
            page,
            "Copies within a distance: " + edits.data(),
            "distance, bits",
            Math.min(bits, 4 * edits.radius()),
            1);
    edits.kinds().forEach(moved -> cumulative(plot, moved, 4 * edits.radius()));
    Moved unrelated = edits.unrelated();
    if (unrelated != null) {
      cumulative(plot, unrelated, 4 * edits.radius());
    }
    plot.close();
  }

  private static void cumulative(Plot plot, Moved moved, int farthest) {
    int points = Math.min(moved.distances().size(), farthest + 1);
    double total = moved.distances().stream().mapToLong(Integer::longValue).sum();
    double[] xs = new double[points];
    double[] ys = new double[points];
    double passed = 0;
    for (int distance = 0; distance < points; distance++) {
      passed += moved.distances().get(distance);
      xs[distance] = distance;
      ys[distance] = passed / total;
    }
    plot.line(moved.kind(), xs, ys);
  }

  private void centerPlot() {
    List<Integer> distances = evaluation.centers().distances();
    new Plot(
            page,
            "Distances of centers to each other",
            "distance, bits",
            evaluation.network().bits(),
            Math.max(1, Collections.max(distances)))
        .bars("pairs", distances)
        .close();
  }

  private static Map<String, PictureFile> shown(Retrieval retrieval, List<PictureFile> pictures) {
    Set<String> names = new HashSet<>();
    Stream.concat(retrieval.best().stream(), retrieval.worst().stream())
        .forEach(example -> {
          names.add(example.picture());
          example.answers().forEach(answer -> names.add(answer.picture()));
        });
    return pictures.stream()
        .filter(file -> names.contains(file.name()))
        .collect(Collectors.toMap(PictureFile::name, Function.identity(), (a, b) -> a));
  }

  private void examples(String title, List<Example> examples, Map<String, PictureFile> pictures)
      throws IOException {
    page.element("h2", title)
        .element(
            "p",
            "Each query, then the images nearest to it: of its class in green, others in red; the distance in bits behind the class.");
    for (Example example : examples) {
      page.open("div", "class", "answers");
      figure(
          "query",
          example.picture(),
          "%s, average precision %s"
              .formatted(example.label(), ReportTable.decimals(3, example.averagePrecision())),
          pictures);
      for (Evaluation.Answer answer : example.answers()) {
        figure(
            answer.relevant() ? "right" : "wrong",
            answer.picture(),
            "%s, %d".formatted(answer.label(), answer.distance()),
            pictures);
      }
      page.close();
    }
  }

  private void figure(String kind, String name, String caption, Map<String, PictureFile> pictures)
      throws IOException {
    page.open("figure", "class", kind, "title", name);
    PictureFile file = pictures.get(name);
    if (file != null) {
      try {
        page.leaf("img", "alt", name, "src", Pixels.dataAddress(file.content().bytes()));
      } catch (BadImageException e) {
        throw new IOException("%s: changed while it was evaluated".formatted(name), e);
      }
    }
    page.element("figcaption", caption).close();
  }

  private void settings() {
    if (evaluation.network().settings().isEmpty()) {
      return;
    }
    page.element("h2", "Settings of the training").open("table");
    evaluation
        .network()
        .settings()
        .forEach((name, value) -> page.open("tr").element("td", name).element("td", value).close());
    page.close();
  }
}
