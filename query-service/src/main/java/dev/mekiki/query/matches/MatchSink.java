package dev.mekiki.query.matches;

/// Whoever watches matches. Called by one thread at a time.
public interface MatchSink {
  /// Called once before anything else.
  ///
  /// @param start where the subscription begins
  void begin(Positions start) throws InterruptedException;

  /// Takes a match; blocks until there is room for another one.
  void send(MatchEvent event) throws InterruptedException;

  /// Called while nothing happens, several times a second.
  void idle() throws InterruptedException;

  /// Everything that was asked for has been sent.
  void end();

  /// The feed cannot go on; the subscriber may come back later.
  void fail(Throwable cause);

  /// True once the watcher has gone away.
  boolean isCancelled();
}
