package dev.mekiki.training.report.writer;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One HTML file that loads nothing: styles, plots and pictures are in it. Written from the top
/// down; not thread-safe.
public final class Page {
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
      svg { border: 1px solid #e2e8f0; border-radius: 10px; display: block; max-width: 40rem;
        margin: .8rem 0; }
      .answers { display: flex; flex-wrap: wrap; gap: .5rem; margin: .6rem 0 1.2rem; }
      figure { margin: 0; width: 5.6rem; font-size: 11px; overflow-wrap: anywhere; }
      img { width: 5rem; height: 5rem; object-fit: contain; border: 4px solid #94a3b8;
        border-radius: 6px; background: #fff; }
      .right img { border-color: #16a34a; } .wrong img { border-color: #dc2626; }
      """;

  private final Markup page = new Markup();

  /// @param command that makes the report again
  public Page(String title, String command) {
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
  }

  /// A picture with a line below it.
  ///
  /// @param name of the picture
  /// @param source a `data:` address; null for a picture that cannot be shown
  public record Figure(Frame frame, String name, String caption, @Nullable String source) {}

  /// What the colour of a picture's frame says.
  public enum Frame {
    /// It asks.
    QUERY,
    /// It answers rightly.
    RIGHT,
    /// It answers wrongly.
    WRONG
  }

  /// Begins a section.
  public Page heading(String title) {
    page.element("h2", title);
    return this;
  }

  public Page paragraph(String text) {
    page.element("p", text);
    return this;
  }

  /// A section with a table alone.
  public Page table(ReportTable table) {
    heading(table.title());
    if (!table.note().isEmpty()) {
      paragraph(table.note());
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
    return this;
  }

  public Page plot(Plot plot) {
    plot.draw(page);
    return this;
  }

  /// A row of pictures.
  public Page figures(List<Figure> figures) {
    page.open("div", "class", "answers");
    for (Figure figure : figures) {
      page.open(
          "figure",
          "class",
          figure.frame().name().toLowerCase(Locale.ROOT),
          "title",
          figure.name());
      String source = figure.source();
      if (source != null) {
        page.leaf("img", "alt", figure.name(), "src", source);
      }
      page.element("figcaption", figure.caption()).close();
    }
    page.close();
    return this;
  }

  /// A section with settings by name; nothing where there are none.
  public Page settings(String title, Map<String, String> settings) {
    if (!settings.isEmpty()) {
      heading(title);
      page.open("table");
      settings.forEach(
          (name, value) -> page.open("tr").element("td", name).element("td", value).close());
      page.close();
    }
    return this;
  }

  /// Ends the page.
  ///
  /// @return the file
  public String finish() {
    page.close().close();
    return "<!DOCTYPE html>\n" + page + "\n";
  }
}
