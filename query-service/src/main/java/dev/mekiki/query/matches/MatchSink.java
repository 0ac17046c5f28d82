package dev.mekiki.query.matches;

import org.jspecify.annotations.Nullable;

/// The receiver of one subscription. Called by one thread at a time.
public interface MatchSink {
  /// Called once before anything else.
  ///
  /// @param start where the subscription begins
  void begin(Positions start) throws InterruptedException;

  /// Takes a match; blocks until there is room for another one.
  void send(MatchEvent event) throws InterruptedException;

  /// Called several times a second while there is no match to send.
  ///
  /// @param problem why the topic cannot be read at the moment, or null where it is read
  void idle(@Nullable String problem) throws InterruptedException;

  /// Everything requested has been sent.
  void end();

  /// The subscription cannot go on; the subscriber may come back later.
  void fail(Throwable cause);

  /// True once the subscriber has gone away.
  boolean isCancelled();
}
