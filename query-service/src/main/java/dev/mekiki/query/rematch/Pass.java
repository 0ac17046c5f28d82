package dev.mekiki.query.rematch;

import dev.mekiki.query.rematch.EventIds.FullException;
import dev.mekiki.schemas.v1.CopyCandidate;
import dev.mekiki.schemas.v1.Match;
import dev.mekiki.schemas.v1.RematchProgress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One way through all stored images, partition by partition. For one thread.
interface Pass extends AutoCloseable {
  /// What came of a step.
  ///
  /// @param matches those found, whether they were reported before or not
  /// @param candidates pairs that may be copies, the same
  /// @param lookedUp images whose matches were looked up
  /// @param lookedAt images that were looked at for that
  /// @param waitsFor what keeps it from going on; null where nothing does
  record Outcome(
      List<Match> matches,
      List<CopyCandidate> candidates,
      int lookedUp,
      long lookedAt,
      @Nullable String waitsFor) {
    static Outcome found(List<Match> matches, int lookedUp, long lookedAt) {
      return new Outcome(matches, List.of(), lookedUp, lookedAt, null);
    }

    static Outcome candidates(List<CopyCandidate> candidates, int lookedUp, long lookedAt) {
      return new Outcome(List.of(), candidates, lookedUp, lookedAt, null);
    }

    static Outcome waits(String reason) {
      return new Outcome(List.of(), List.of(), 0, 0, reason);
    }
  }

  /// Looks up the next images. Where it fails, nothing came of it, and they are looked up again.
  ///
  /// @param most images looked up
  /// @return null where all are
  /// @throws io.grpc.StatusRuntimeException where an index instance does not answer
  @Nullable Outcome next(int most) throws FullException, InterruptedException;

  /// Where it goes on.
  void describe(RematchProgress.Builder progress);

  @Override
  void close();
}
