package dev.mekiki.launcher.documentation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.commonmark.ext.gfm.tables.TableCell;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.CustomNode;
import org.commonmark.node.HardLineBreak;
import org.commonmark.node.Heading;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.node.Paragraph;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.Text;
import org.commonmark.parser.Parser;
import org.jspecify.annotations.Nullable;

/// One Markdown page: its links, anchors, prose and code spans. Code blocks count as neither prose
/// nor code spans.
///
/// @param path absolute, normalised
/// @param prose the text of each block on one line, a backtick in the place of each code span
/// @param codeSpans what stands between backticks
/// @param links destinations of links and images as written
/// @param anchors what `#anchor` may name in this page
record Page(
    Path path,
    List<String> prose,
    List<String> codeSpans,
    List<String> links,
    Set<String> anchors) {
  static final Path ROOT =
      Path.of(Objects.requireNonNull(System.getProperty("mekiki.root"), "mekiki.root"))
          .toAbsolutePath()
          .normalize();

  private static final Parser PARSER =
      Parser.builder().extensions(List.of(TablesExtension.create())).build();

  /// Every page of the repository by path. Build output and hidden directories are not part of it,
  /// nor are other repositories that lie in it.
  static Map<Path, Page> all() {
    Map<Path, Page> pages = new TreeMap<>();
    forEachFile(file -> {
      if (file.toString().endsWith(".md")) {
        pages.put(file, read(file));
      }
    });
    return pages;
  }

  /// Calls `use` with every regular file of the repository.
  static void forEachFile(FileUse use) {
    try {
      Files.walkFileTree(
          ROOT,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(
                Path directory, BasicFileAttributes attributes) {
              String name = directory.getFileName().toString();
              boolean foreign =
                  name.equals("target")
                      || name.startsWith(".")
                      || Files.exists(directory.resolve(".git"));
              return foreign && !directory.equals(ROOT)
                  ? FileVisitResult.SKIP_SUBTREE
                  : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              if (attributes.isRegularFile()) {
                use.accept(file);
              }
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /// What is done with a file of the repository.
  interface FileUse {
    void accept(Path file) throws IOException;
  }

  private static Page read(Path file) {
    try {
      return of(file, Files.readString(file));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  static Page of(Path path, String markdown) {
    List<String> prose = new ArrayList<>();
    List<String> codeSpans = new ArrayList<>();
    List<String> links = new ArrayList<>();
    Set<String> anchors = new LinkedHashSet<>();
    Map<String, Integer> uses = new HashMap<>();
    PARSER
        .parse(markdown)
        .accept(
            new AbstractVisitor() {
              @Override
              public void visit(Paragraph paragraph) {
                prose.add(text(paragraph, "`"));
                visitChildren(paragraph);
              }

              @Override
              public void visit(CustomNode node) {
                if (node instanceof TableCell cell) {
                  prose.add(text(cell, "`"));
                }
                visitChildren(node);
              }

              @Override
              public void visit(Code code) {
                codeSpans.add(code.getLiteral());
              }

              @Override
              public void visit(Link link) {
                links.add(link.getDestination());
                visitChildren(link);
              }

              @Override
              public void visit(Image image) {
                links.add(image.getDestination());
                visitChildren(image);
              }

              @Override
              public void visit(Heading heading) {
                prose.add(text(heading, "`"));
                String anchor = anchor(text(heading, null));
                int earlier = uses.merge(anchor, 1, Integer::sum) - 1;
                anchors.add(earlier == 0 ? anchor : anchor + "-" + earlier);
                visitChildren(heading);
              }
            });
    return new Page(path, prose, codeSpans, links, anchors);
  }

  /// The anchor that hosts of Markdown give to a heading: lower case, without punctuation, hyphens
  /// for spaces.
  private static String anchor(String heading) {
    return heading
        .toLowerCase(Locale.ROOT)
        .replaceAll("[^\\p{L}\\p{N} _-]", "")
        .strip()
        .replace(' ', '-');
  }

  /// The text of a block on one line, with `code` in the place of code spans, or these as they are.
  private static String text(Node block, @Nullable String code) {
    StringBuilder text = new StringBuilder();
    block.accept(
        new AbstractVisitor() {
          @Override
          public void visit(Text part) {
            text.append(part.getLiteral());
          }

          @Override
          public void visit(Code part) {
            text.append(code == null ? part.getLiteral() : code);
          }

          @Override
          public void visit(SoftLineBreak part) {
            text.append(' ');
          }

          @Override
          public void visit(HardLineBreak part) {
            text.append(' ');
          }
        });
    return text.toString();
  }

  /// The page's path from the root of the repository.
  String name() {
    return ROOT.relativize(path).toString();
  }
}
