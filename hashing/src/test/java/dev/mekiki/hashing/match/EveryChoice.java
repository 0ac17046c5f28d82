package dev.mekiki.hashing.match;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Makes every choice in turn: what is drawn from it, again from the beginning after each {@link
/// #next}, runs through all sequences that there are. So a simulation that decides nothing else by
/// itself takes each of its ways once.
final class EveryChoice extends Random {
  private static final long serialVersionUID = 1L;

  private final transient List<Choice> made = new ArrayList<>();
  private int position;

  private static final class Choice {
    private final int bound;
    private int value;

    Choice(int bound) {
      this.bound = bound;
    }
  }

  @Override
  public int nextInt(int bound) {
    if (bound == 1) {
      return 0;
    }
    if (position == made.size()) {
      made.add(new Choice(bound));
    }
    Choice choice = made.get(position++);
    if (choice.bound != bound) {
      throw new IllegalStateException(
          "choice %d: of %d, before of %d (expected: a simulation that repeats itself)"
              .formatted(position, bound, choice.bound));
    }
    return choice.value;
  }

  @Override
  public boolean nextBoolean() {
    return nextInt(2) == 1;
  }

  @Override
  protected int next(int bits) {
    throw new UnsupportedOperationException("next (expected: nextInt(bound) or nextBoolean)");
  }

  /// Begins again with another sequence.
  ///
  /// @return false where all have been
  boolean next() {
    position = 0;
    while (!made.isEmpty()) {
      Choice last = made.getLast();
      if (++last.value < last.bound) {
        return true;
      }
      made.removeLast();
    }
    return false;
  }
}
