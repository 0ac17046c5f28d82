package dev.mekiki.index.questions;

import java.time.Duration;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.jspecify.annotations.Nullable;

/// When the stream thread of a partition answers {@link PartitionQuestions}: every 20 ms for two
/// milliseconds while some wait, and a look each second otherwise, because each look makes Kafka
/// Streams commit. Owned by one stream thread.
///
/// @param <S> what the thread knows of its partition
public final class AnswerPace<S> {
  private static final Duration FAST = Duration.ofMillis(20);
  private static final long ANSWER_NANOS = Duration.ofMillis(2).toNanos();

  /// Looks in a row at which nothing waits, before they are given up.
  private static final int IDLE_LOOKS = 100;

  private final ProcessorContext<?, ?> context;
  private final PartitionQuestions<S> questions;
  private final S state;
  private @Nullable Cancellable fast;
  private int idle;

  public AnswerPace(ProcessorContext<?, ?> context, PartitionQuestions<S> questions, S state) {
    this.context = context;
    this.questions = questions;
    this.state = state;
  }

  /// Looks whether somebody has begun to ask.
  public void look() {
    if (fast == null && !questions.isEmpty()) {
      idle = 0;
      fast = context.schedule(FAST, PunctuationType.WALL_CLOCK_TIME, _ -> answer());
    }
  }

  private void answer() {
    idle = questions.isEmpty() ? idle + 1 : 0;
    if (idle < IDLE_LOOKS) {
      questions.answer(state, ANSWER_NANOS);
    } else if (fast != null) {
      fast.cancel();
      fast = null;
    }
  }
}
