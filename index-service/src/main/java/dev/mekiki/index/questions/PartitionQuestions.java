package dev.mekiki.index.partition;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Questions to a partition that only its stream thread can answer, between records: what it knows
/// then is one state. A small share of its time is spent on them. Thread-safe, except {@link
/// #answer}.
final class PartitionQuestions {
  /// Most questions that wait; each is a call that waits for its answer.
  private static final int MAX_WAITING = 4096;

  // Guarded by this.
  private final Queue<Question<?>> waiting = new ArrayDeque<>();
  private boolean open;

  private record Question<T>(Function<PartitionState, T> question, CompletableFuture<T> answer) {
    void answer(PartitionState state) {
      if (answer.isDone()) {
        return;
      }
      try {
        answer.complete(question.apply(state));
      } catch (RuntimeException e) {
        // It is the question's: the thread goes on with its records.
        answer.completeExceptionally(e);
      }
    }
  }

  /// Asks. The answer fails with a {@link NotActiveException} where the partition is not active
  /// here, or stops to be.
  ///
  /// @param question runs on the stream thread, briefly; must change nothing
  synchronized <T> CompletableFuture<T> ask(Function<PartitionState, T> question) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    if (!open || waiting.size() >= MAX_WAITING) {
      answer.completeExceptionally(new NotActiveException());
    } else {
      waiting.add(new Question<>(question, answer));
    }
    return answer;
  }

  /// Called when the processor starts to process.
  synchronized void open() {
    open = true;
  }

  /// Called when the processor ends: nobody answers any more.
  void close() {
    Queue<Question<?>> left;
    synchronized (this) {
      open = false;
      left = new ArrayDeque<>(waiting);
      waiting.clear();
    }
    left.forEach(question -> question.answer().completeExceptionally(new NotActiveException()));
  }

  synchronized boolean isEmpty() {
    return waiting.isEmpty();
  }

  private synchronized @Nullable Question<?> next() {
    return waiting.poll();
  }

  /// Answers questions, at least one if there is any. Called by the stream thread.
  ///
  /// @param nanos after which no other one is begun
  void answer(PartitionState state, long nanos) {
    long start = System.nanoTime();
    do {
      Question<?> question = next();
      if (question == null) {
        return;
      }
      question.answer(state);
    } while (System.nanoTime() - start < nanos);
  }

  /// The partition is not active here, or too much is asked of it.
  static final class NotActiveException extends RuntimeException {
    private static final long serialVersionUID = 1;

    NotActiveException() {
      super("the partition is not active here");
    }
  }
}
