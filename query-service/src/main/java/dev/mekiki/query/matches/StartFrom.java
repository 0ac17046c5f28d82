package dev.mekiki.query.matches;

/// Where a subscription starts and ends.
public sealed interface StartFrom {
  /// With the matches from now on.
  record Now() implements StartFrom {}

  /// With everything that the topic still holds.
  ///
  /// @param endAtPresent end once everything that is on the topic now has been sent
  record Beginning(boolean endAtPresent) implements StartFrom {}

  /// With what follows earlier positions; from now on where the topic has no such positions.
  ///
  /// @param positions where an earlier subscription ended
  /// @param endAtPresent end once everything that is on the topic now has been sent
  record After(Positions positions, boolean endAtPresent) implements StartFrom {}
}
