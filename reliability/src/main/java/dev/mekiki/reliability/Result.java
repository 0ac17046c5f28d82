package dev.mekiki.reliability;

import java.util.List;

/// What came of a run.
///
/// @param wrong what must not be, a line each; none where all is well
/// @param report everything that was counted and measured, in Markdown
public record Result(List<String> wrong, String report) {
  public Result {
    wrong = List.copyOf(wrong);
  }
}
