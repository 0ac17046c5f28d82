package dev.mekiki.training.report.writer;

import java.io.StringWriter;
import java.util.Locale;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/// HTML and SVG, written so that both HTML and XML parsers read it. Whatever is given as text or as
/// an attribute is escaped by the writer. Not thread-safe.
public final class Markup {
  private final StringWriter text = new StringWriter();
  private final XMLStreamWriter out;

  /// Nothing yet.
  public Markup() {
    try {
      out = XMLOutputFactory.newFactory().createXMLStreamWriter(text);
    } catch (XMLStreamException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Begins an element.
  ///
  /// @param attributes name, value, name, value; numbers are written with a point
  public Markup open(String element, Object... attributes) {
    return write(() -> {
      out.writeStartElement(element);
      writeAttributes(attributes);
    });
  }

  /// Begins a picture in SVG, in the letters and the colour of all plots.
  ///
  /// @param width of the view box
  /// @param height of the view box
  /// @param title for those who do not see it
  public Markup openSvg(int width, int height, String title) {
    return open(
        "svg",
        "xmlns",
        "http://www.w3.org/2000/svg",
        "viewBox",
        "0 0 %d %d".formatted(width, height),
        "role",
        "img",
        "aria-label",
        title,
        "font-family",
        "system-ui, sans-serif",
        "font-size",
        11,
        "fill",
        "#475569");
  }

  /// Dots in one path: thousands of elements make a page heavy.
  ///
  /// @param path a line of no length at each place: `M1.0 2.0h0`
  /// @param opacity 0 to 1
  public Markup dots(String path, String colour, String opacity) {
    return leaf(
        "path",
        "d",
        path,
        "stroke",
        colour,
        "stroke-width",
        3,
        "stroke-linecap",
        "round",
        "stroke-opacity",
        opacity);
  }

  /// Ends the element that was begun last.
  public Markup close() {
    // An element without content must not end in its start tag: HTML knows that for a few alone.
    return write(() -> {
      out.writeCharacters("");
      out.writeEndElement();
    });
  }

  /// An element that cannot have content, such as `img`, or of SVG.
  public Markup leaf(String element, Object... attributes) {
    return write(() -> {
      out.writeEmptyElement(element);
      writeAttributes(attributes);
    });
  }

  /// An element with text alone.
  public Markup element(String element, String content, Object... attributes) {
    return open(element, attributes).text(content).close();
  }

  /// Text within the element that was begun last.
  public Markup text(String content) {
    return write(() -> out.writeCharacters(content));
  }

  /// What was written so far.
  @Override
  public String toString() {
    write(out::flush);
    return text.toString();
  }

  private void writeAttributes(Object... attributes) throws XMLStreamException {
    for (int i = 0; i < attributes.length; i += 2) {
      Object value = attributes[i + 1];
      out.writeAttribute(
          String.valueOf(attributes[i]),
          value instanceof Double number
              ? String.format(Locale.ROOT, "%.1f", number)
              : String.valueOf(value));
    }
  }

  private Markup write(Writing writing) {
    try {
      writing.run();
      return this;
    } catch (XMLStreamException e) {
      throw new IllegalStateException("writing to memory failed", e);
    }
  }

  private interface Writing {
    void run() throws XMLStreamException;
  }
}
