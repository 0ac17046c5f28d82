package dev.mekiki.reliability.fault;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/// What is done to the cluster at one time.
///
/// @param number from 1 on
/// @param due when, from the beginning of the load; it begins later where an earlier one takes long
/// @param parts what happens at the same time
public record Fault(int number, Duration due, List<Part> parts) {
  public Fault {
    parts = List.copyOf(parts);
  }

  /// What is done.
  public enum Kind {
    /// SIGKILL, and a start after a while.
    KILL,
    /// SIGSTOP, and SIGCONT after a while: beyond sessions and time-outs of transactions.
    FREEZE,
    /// The state of an index instance that was killed is deleted while it is down.
    DELETE_STATE,
    /// Files of the state of an index instance that was ended cleanly are cut in half.
    DAMAGE_STATE,
    /// The state of an index instance is replaced by a copy of an earlier time.
    OLD_STATE,
    /// Killed again while it restores a deleted state.
    KILL_IN_RESTORE,
    /// Another index instance is started with the state directory of one that runs.
    INTRUDER,
    /// Records that nobody can use, on every topic that services read.
    POISON,
    /// Nothing reaches the port of a process, and nothing comes from it.
    CUT,
    /// Three of ten packets to and from the port of a process are lost.
    LOSS,
    /// What a broker answers is lost, so requests are carried out and nobody hears of it.
    LOST_ANSWERS,
    /// Nothing gets from the first process to the others, nor from them to it; each of them reaches
    /// everybody else.
    SEPARATE,
    /// The decoders of an encoder crash, as native code does.
    DECODER_CRASH,
    /// The decoders of an encoder are killed, as the kernel does when memory runs out.
    DECODER_OUT_OF_MEMORY,
    /// The disk under a process is full.
    FULL_DISK,
    /// The disk under a process stalls, again and again: every writer waits.
    SLOW_DISK,
    /// The clock of a process is off, and set right again.
    CLOCK_JUMP,
    /// Every process is ended and started again, one after the other.
    ROLLING_RESTART
  }

  /// One of the things that happen.
  ///
  /// @param nodes names of the processes it happens to, all at once
  /// @param lasts until they are started, or go on
  public record Part(Kind kind, List<String> nodes, Duration lasts) {
    public Part {
      nodes = List.copyOf(nodes);
    }

    @Override
    public String toString() {
      return "%s %s %d s".formatted(kind, String.join("+", nodes), lasts.toSeconds());
    }
  }

  /// In a few words.
  public String text() {
    return parts.stream().map(Part::toString).collect(Collectors.joining(", "));
  }
}
