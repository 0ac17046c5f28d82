package dev.mekiki.training.tables;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What is known of each class, from a CSV file: a header whose first cell is `class`, then a line
/// for each class, its name first.
///
/// @param classes names and cells
public record ClassTable(Path file, List<Line> classes) {
  /// Of the classes: from more, the similarity would take over 400 MB while it is made.
  public static final int MAX_CLASSES = 4_096;

  /// Of the cells of a class after its name.
  public static final int MAX_CELLS = 4_096;

  /// Of a cell.
  public static final int MAX_CHARACTERS = 200;

  private static final long MAX_BYTES = 256L << 20;
  private static final String EXPECTED = "CSV in UTF-8 that begins with a header, 'class,...'";

  public ClassTable {
    classes = List.copyOf(classes);
  }

  /// A class.
  ///
  /// @param number of its line in the file, from 1
  /// @param cells after its name
  public record Line(long number, String name, List<String> cells) {
    public Line {
      cells = List.copyOf(cells);
    }
  }

  /// Reads a file.
  ///
  /// @throws NoSuchFileException where there is none
  /// @throws TableException where it is no such table: names the line
  public static ClassTable read(Path file) throws IOException {
    List<Line> classes = new ArrayList<>();
    Map<String, Long> lines = new HashMap<>();
    boolean[] headerRead = new boolean[1];
    CsvLines.read(
        file,
        MAX_BYTES,
        EXPECTED,
        (number, cells) -> {
          check(file, number, cells);
          if (!headerRead[0]) {
            checkHeader(file, number, cells);
            headerRead[0] = true;
            return;
          }
          if (classes.size() == MAX_CLASSES) {
            throw wrong(
                file,
                number,
                "more than %,d classes".formatted(MAX_CLASSES),
                "at most that",
                "merge or leave out some");
          }
          Long before = lines.put(cells[0], number);
          if (before != null) {
            throw wrong(
                file,
                number,
                "class '%s' stands in line %d too".formatted(cells[0], before),
                "each class once",
                "remove one");
          }
          classes.add(new Line(number, cells[0], List.of(cells).subList(1, cells.length)));
        });
    if (classes.size() < 2) {
      throw new TableException(
          "%s: %d classes (expected: at least 2, below the header); add a line for each"
              .formatted(file, classes.size()));
    }
    return new ClassTable(file, classes);
  }

  private static void check(Path file, long number, String[] cells) throws TableException {
    if (cells.length - 1 > MAX_CELLS) {
      throw wrong(
          file,
          number,
          "%,d cells after the class".formatted(cells.length - 1),
          "at most %,d".formatted(MAX_CELLS),
          "leave some out");
    }
    for (String cell : cells) {
      if (cell.length() > MAX_CHARACTERS) {
        throw wrong(
            file,
            number,
            "a cell of %,d characters".formatted(cell.length()),
            "at most %d".formatted(MAX_CHARACTERS),
            "shorten it");
      }
    }
    if (cells[0].isEmpty()) {
      throw wrong(file, number, "no class", "a name in the first cell", "name it");
    }
  }

  private static void checkHeader(Path file, long number, String[] cells) throws TableException {
    if (!cells[0].equalsIgnoreCase("class")) {
      throw wrong(
          file,
          number,
          "'%s'".formatted(cells[0]),
          "a header whose first cell is 'class'",
          "add it above the first class");
    }
  }

  /// The same classes in the order of their names, in which `mekiki train --images` numbers them.
  public ClassTable byName() {
    return new ClassTable(file, classes.stream().sorted(Comparator.comparing(Line::name)).toList());
  }

  /// The superclasses of each class, its own first; cells that are empty at the end are left out.
  ///
  /// @throws TableException where one is missing between others, or a class has none
  public List<List<String>> paths() throws TableException {
    List<List<String>> paths = new ArrayList<>();
    for (Line line : classes) {
      int end = line.cells().size();
      while (end > 0 && line.cells().get(end - 1).isEmpty()) {
        end--;
      }
      List<String> path = line.cells().subList(0, end);
      int gap = path.indexOf("");
      if (end == 0 || gap >= 0) {
        throw wrong(
            file,
            line.number(),
            "superclass %d of '%s' is missing".formatted(Math.max(gap, 0) + 1, line.name()),
            "class,superclass[,...], the most general last",
            "name it");
      }
      paths.add(path);
    }
    return paths;
  }

  /// The numbers of each class.
  ///
  /// @param unknownAllowed whether a cell may be empty: NaN
  /// @throws TableException where a cell is no finite number, or classes have not equally many
  public double[][] numbers(boolean unknownAllowed) throws TableException {
    double[][] rows = new double[classes.size()][];
    for (int i = 0; i < rows.length; i++) {
      Line line = classes.get(i);
      if (line.cells().isEmpty() || line.cells().size() != classes.getFirst().cells().size()) {
        throw wrong(
            file,
            line.number(),
            "%d numbers".formatted(line.cells().size()),
            "as many as every class has, at least 1",
            "fill them in");
      }
      rows[i] = new double[line.cells().size()];
      for (int column = 0; column < rows[i].length; column++) {
        rows[i][column] = number(line, column, unknownAllowed);
      }
    }
    return rows;
  }

  private double number(Line line, int column, boolean unknownAllowed) throws TableException {
    String cell = line.cells().get(column);
    if (cell.isEmpty() && unknownAllowed) {
      return Double.NaN;
    }
    double value;
    try {
      value = Double.parseDouble(cell);
    } catch (NumberFormatException e) {
      value = Double.NaN;
    }
    // As floats, whose squares do not overflow.
    if (!(Math.abs(value) <= Float.MAX_VALUE)) {
      throw wrong(
          file,
          line.number(),
          "'%s' in cell %d".formatted(cell, column + 2),
          unknownAllowed ? "a number, or nothing where it is not known" : "a number",
          "correct it");
    }
    return value;
  }

  private static TableException wrong(
      Path file, long line, String found, String expected, String remedy) {
    return new TableException(
        "%s, line %d: %s (expected: %s); %s".formatted(file, line, found, expected, remedy));
  }
}
