package dev.mekiki.index.groups;

import dev.mekiki.hashing.group.Content;
import dev.mekiki.hashing.policy.Policies;
import dev.mekiki.runtime.policy.PolicyFollower;
import dev.mekiki.runtime.policy.VerdictId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/// Which pairs somebody has dismissed, and which of them may have changed since a task has asked.
/// Thread-safe.
public final class Verdicts implements PolicyFollower.VerdictListener {
  /// If more have changed, a task looks at all pairs it knows.
  private static final int MAX_WAITING = 10_000;

  private final Supplier<Policies> policies;
  private final Set<Changes> readers = ConcurrentHashMap.newKeySet();

  /// @param policies what is decided now
  public Verdicts(Supplier<Policies> policies) {
    this.policies = policies;
  }

  /// Those that a service follows.
  public static Verdicts of(PolicyFollower follower) {
    Verdicts verdicts = new Verdicts(follower::policies);
    follower.listen(verdicts);
    return verdicts;
  }

  /// Whether somebody has dismissed a pair of contents of one tenant.
  boolean isDismissed(Content a, Content b) {
    return policies.get().isDismissed(a.tenant(), a.sha256(), b.sha256());
  }

  /// Whether anybody has dismissed anything.
  boolean any() {
    return policies.get().dismissedPairs() > 0;
  }

  @Override
  public void changed(Collection<VerdictId> verdicts) {
    readers.forEach(reader -> reader.add(verdicts));
  }

  @Override
  public void readAnew() {
    readers.forEach(Changes::addAll);
  }

  /// Begins to note changes for a task, for which all pairs may have changed.
  Changes changes() {
    Changes changes = new Changes();
    readers.add(changes);
    return changes;
  }

  /// Ends that.
  void forget(Changes changes) {
    readers.remove(changes);
  }

  /// What has changed since a task has asked.
  static final class Changes {
    private List<VerdictId> waiting = new ArrayList<>();
    private boolean all = true;

    private synchronized void add(Collection<VerdictId> verdicts) {
      if (all) {
        return;
      }
      waiting.addAll(verdicts);
      if (waiting.size() > MAX_WAITING) {
        addAll();
      }
    }

    private synchronized void addAll() {
      all = true;
      waiting.clear();
    }

    /// Whether all pairs may have changed; what was noted up to now is then covered.
    synchronized boolean takeAll() {
      boolean taken = all;
      all = false;
      return taken;
    }

    /// The pairs that have changed.
    synchronized List<VerdictId> take() {
      List<VerdictId> taken = waiting;
      waiting = new ArrayList<>();
      return taken;
    }
  }
}
