package dev.mekiki.index.questions;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Questions to a partition that only its stream thread can answer, between records: what it knows
/// then is one state. A small share of its time is spent on them. Thread-safe, except {@link
/// #answer}.
///
/// @param <S> what the thread knows of its partition
public final class PartitionQuestions<S> {
  /// Most questions that wait; each is a call that waits for its answer.
  private static final int MAX_WAITING = 4096;

  // Guarded by this.
  private final Queue<Question<S, ?>> waiting = new ArrayDeque<>();
  private boolean open;

  private record Question<S, T>(Function<S, T> question, CompletableFuture<T> answer) {
    void answer(S state) {
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
  public synchronized <T> CompletableFuture<T> ask(Function<S, T> question) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    if (!open || waiting.size() >= MAX_WAITING) {
      answer.completeExceptionally(new NotActiveException());
    } else {
      waiting.add(new Question<>(question, answer));
    }
    return answer;
  }

  /// Asks, and waits for the answer.
  ///
  /// @return null where the partition is not active here
  public <T> @Nullable T answerOf(Function<S, T> question) {
    return await(ask(question));
  }

  /// Waits for the answer to a question that was asked.
  ///
  /// @return null where the partition is not active here
  public static <T> @Nullable T await(CompletableFuture<T> answer) {
    try {
      return answer.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof NotActiveException) {
        return null;
      }
      throw e;
    }
  }

  /// Called when the processor starts to process.
  public synchronized void open() {
    open = true;
  }

  /// Called when the processor ends: nobody answers any more.
  public void close() {
    Queue<Question<S, ?>> left;
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

  private synchronized @Nullable Question<S, ?> next() {
    return waiting.poll();
  }

  /// Answers questions, at least one if there is any. Called by the stream thread.
  ///
  /// @param nanos after which no other one is begun
  void answer(S state, long nanos) {
    long start = System.nanoTime();
    do {
      Question<S, ?> question = next();
      if (question == null) {
        return;
      }
      question.answer(state);
    } while (System.nanoTime() - start < nanos);
  }

  /// The partition is not active here, or too much is asked of it.
  private static final class NotActiveException extends RuntimeException {
    private static final long serialVersionUID = 1;

    NotActiveException() {
      super("the partition is not active here");
    }
  }
}
