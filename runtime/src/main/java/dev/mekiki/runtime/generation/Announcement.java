package dev.mekiki.runtime.generation;

import dev.mekiki.schemas.v1.Generation;

/// What came of announcing a generation.
public sealed interface Announcement {
  /// The announced generation is now the active one.
  ///
  /// @param generation the generation as it stands in the registry
  record Activated(Generation generation) implements Announcement {}

  /// The announced generation was active before.
  ///
  /// @param generation the generation as it stands in the registry
  record AlreadyActive(Generation generation) implements Announcement {}

  /// Another generation is active, and one of the same network is prepared, active by a cut, or
  /// kept after one: its codes are needed.
  ///
  /// @param generation that one
  record EncodesFor(Generation generation) implements Announcement {}

  /// Another generation is active, and stays so.
  ///
  /// @param active the active one
  record OtherActive(Generation active) implements Announcement {}
}
