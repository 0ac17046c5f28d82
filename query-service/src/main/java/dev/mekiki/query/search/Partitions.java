package dev.mekiki.query.search;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The partitions of one generation, wherever they are hosted.
@FunctionalInterface
public interface Partitions {
  /// Answers for every partition asked, or says that it is missing. Blocks until then, and no
  /// longer than the search has time.
  ///
  /// A question that an instance refuses as invalid, such as one with a filter by a key that it
  /// does not keep, fails with that instance's gRPC status in a {@link
  /// java.util.concurrent.CompletionException}.
  Answers ask(Question question);

  /// What came back: each partition asked is in one of the two.
  ///
  /// @param answers one for each instance that answered
  /// @param missing partitions that nobody answered for
  record Answers(List<PartitionAnswer> answers, Set<Integer> missing) {
    public Answers {
      answers = List.copyOf(answers);
      missing = Set.copyOf(missing);
      Set<Integer> seen = new HashSet<>(missing);
      for (PartitionAnswer answer : answers) {
        for (int partition : answer.question().partitions()) {
          if (!seen.add(partition)) {
            throw new IllegalArgumentException(
                "partition %d: answered twice (expected: once)".formatted(partition));
          }
        }
      }
    }
  }
}
