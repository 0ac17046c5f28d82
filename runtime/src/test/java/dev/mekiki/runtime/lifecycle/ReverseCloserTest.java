package dev.mekiki.runtime.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReverseCloserTest {
  private final List<String> closed = new ArrayList<>();

  @Test
  void partsCloseOnceInReverseOrder() {
    ReverseCloser closer = new ReverseCloser();
    closer.add("first", () -> closed.add("first"));
    closer.add("second", () -> closed.add("second"));
    closer.close();
    closer.close();
    assertThat(closed).containsExactly("second", "first");
  }

  @Test
  void aPartThatFailsDoesNotKeepTheOthersOpen() {
    ReverseCloser closer = new ReverseCloser();
    closer.add("first", () -> closed.add("first"));
    closer.add(
        "broken",
        () -> {
          throw new IllegalStateException("broken");
        });
    closer.close();
    assertThat(closed).containsExactly("first");
  }

  @Test
  void anInterruptIsKept() {
    ReverseCloser closer = new ReverseCloser();
    closer.add(
        "interrupted",
        () -> {
          throw new InterruptedException();
        });
    closer.close();
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void aPartThatComesTooLateIsClosedAtOnce() {
    ReverseCloser closer = new ReverseCloser();
    closer.close();
    assertThatThrownBy(() -> closer.add("late", () -> closed.add("late")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("late");
    assertThat(closed).containsExactly("late");
  }
}
