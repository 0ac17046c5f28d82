package dev.mekiki.query.compare;

import dev.mekiki.hashing.match.PlacedRevision;
import java.util.Optional;
import java.util.OptionalInt;

/// What people have decided, as far as it concerns a pair.
public interface PairPolicy {
  /// Nobody has decided anything.
  PairPolicy NONE =
      new PairPolicy() {
        @Override
        public Optional<String> muted(PlacedRevision image) {
          return Optional.empty();
        }

        @Override
        public Optional<String> dismissed(PlacedRevision a, PlacedRevision b) {
          return Optional.empty();
        }

        @Override
        public OptionalInt fingerprintRadius(String tenant) {
          return OptionalInt.empty();
        }
      };

  /// By what mute an image is muted, for people; empty where it is not.
  Optional<String> muted(PlacedRevision image);

  /// Who dismissed a pair and when, for people; empty where nobody has.
  Optional<String> dismissed(PlacedRevision a, PlacedRevision b);

  /// The fingerprint radius of a tenant; empty for that of the generation.
  OptionalInt fingerprintRadius(String tenant);
}
