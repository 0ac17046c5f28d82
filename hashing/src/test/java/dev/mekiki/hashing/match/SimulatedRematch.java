package dev.mekiki.hashing.match;

import dev.mekiki.hashing.match.MatchDecision.Emit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// A job in a {@link SimulatedWorld} that applies what is decided to stored images, as the query
/// service does: it prepares, asks one partition after another about one image after another, and
/// commits what is new with how far it has come. It is killed now and then, and another one goes on
/// from what was committed.
final class SimulatedRematch implements SimulatedWorld.Others {
  private final SimulatedWorld world;
  private final BooleanSupplier allDecided;
  private final Fault fault;

  /// One of how many steps is a kill; 0 for none.
  private final int killEvery;

  // What is committed.
  private int partition;
  private String after = "";
  private boolean done;
  int events;
  int kills;

  // Of the process that works on it.
  private Phase phase = Phase.DECISIONS;
  private final List<Long> settled = new ArrayList<>();
  private final Set<SimulatedWorld.Pair> known = new HashSet<>();
  private @Nullable PlacedRevision image;
  private final List<Integer> asked = new ArrayList<>();
  private final List<Emit> found = new ArrayList<>();
  private boolean gone;

  private enum Phase {
    DECISIONS,
    PROBES,
    IMAGES
  }

  /// What is done wrong.
  enum Fault {
    NONE,
    DOES_NOT_WAIT_FOR_DECISIONS,
    DOES_NOT_WAIT_FOR_PROBES,
    TAKES_ALL_IMAGES,
    FORGETS_WHAT_WAS_REPORTED
  }

  /// @param allDecided whether all partitions have read what is decided
  SimulatedRematch(SimulatedWorld world, BooleanSupplier allDecided, Fault fault, int killEvery) {
    this.world = world;
    this.allDecided = allDecided;
    this.fault = fault;
    this.killEvery = killEvery;
  }

  @Override
  public void addSteps(List<Runnable> steps) {
    if (done || !canStep()) {
      return;
    }
    steps.add(() -> {
      if (killEvery > 0 && world.random.nextInt(killEvery) == 0) {
        kill();
      } else {
        step();
      }
    });
  }

  private boolean canStep() {
    return switch (phase) {
      case DECISIONS -> fault == Fault.DOES_NOT_WAIT_FOR_DECISIONS || allDecided.getAsBoolean();
      case PROBES -> fault == Fault.DOES_NOT_WAIT_FOR_PROBES || isSettled();
      case IMAGES -> true;
    };
  }

  private boolean isSettled() {
    for (SimulatedPartition receiver : world.partitions) {
      for (int sender = 0; sender < settled.size(); sender++) {
        if (receiver.awaits(world.partitions.get(sender), settled.get(sender))) {
          return false;
        }
      }
    }
    return true;
  }

  private void kill() {
    kills++;
    phase = Phase.DECISIONS;
    settled.clear();
    known.clear();
    image = null;
    asked.clear();
    found.clear();
  }

  private void step() {
    switch (phase) {
      case DECISIONS -> {
        for (SimulatedPartition one : world.partitions) {
          settled.add(fault == Fault.TAKES_ALL_IMAGES ? Long.MAX_VALUE : one.lastSequence());
        }
        phase = Phase.PROBES;
      }
      case PROBES -> {
        if (fault != Fault.FORGETS_WHAT_WAS_REPORTED) {
          known.addAll(world.emitted);
        }
        phase = Phase.IMAGES;
      }
      case IMAGES -> lookUp();
    }
  }

  private void lookUp() {
    if (image == null) {
      take();
    } else if (!asked.isEmpty()) {
      int one = asked.removeFirst();
      if (one == image.homePartition() && !world.partitions.get(one).holds(image)) {
        gone = true;
      }
      found.addAll(world.partitions.get(one).lookUp(image, settled.get(one)));
    } else {
      List<Emit> fresh = new ArrayList<>();
      for (Emit emit : gone ? List.<Emit>of() : found) {
        if (known.add(SimulatedWorld.pair(emit))) {
          fresh.add(emit);
        }
      }
      world.emit(fresh);
      events += fresh.size();
      after = image.id();
      image = null;
      found.clear();
    }
  }

  private void take() {
    if (partition == world.partitions.size()) {
      done = true;
      return;
    }
    image = world.partitions.get(partition).next(after, settled.get(partition));
    if (image == null) {
      partition++;
      after = "";
      return;
    }
    gone = false;
    Set<Integer> partitions =
        new TreeSet<>(
            world.routing.probed(
                image.code(), partition, world.policy.reach(), world.policy.codeRadius()));
    partitions.add(partition);
    asked.addAll(partitions);
  }
}
