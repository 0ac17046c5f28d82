package dev.mekiki.query.search;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;

/// The partitions of one generation, wherever they are hosted.
@FunctionalInterface
public interface Partitions {
  /// Asks some partitions for their nearest hits. Blocks until each has answered or is known to be
  /// missing, at most as long as the search has time.
  ///
  /// A query that an instance refuses as invalid, such as a filter by a key that it does not keep,
  /// fails with that instance's gRPC status in a {@link java.util.concurrent.CompletionException}.
  ///
  /// @param partitions at least one
  Answers ask(SortedSet<Integer> partitions, Query query);

  /// All answers to one call of {@link #ask}: each partition asked is in one of the two lists.
  ///
  /// @param answers one for each instance that answered
  /// @param missing partitions that no instance answered for
  record Answers(List<InstanceAnswer> answers, Set<Integer> missing) {
    public Answers {
      answers = List.copyOf(answers);
      missing = Set.copyOf(missing);
      Set<Integer> seen = new HashSet<>(missing);
      for (InstanceAnswer answer : answers) {
        for (int partition : answer.partitions()) {
          if (!seen.add(partition)) {
            throw new IllegalArgumentException(
                "partition %d: answered twice (expected: once)".formatted(partition));
          }
        }
      }
    }
  }
}
