package dev.mekiki.centers.fit;

import dev.mekiki.centers.GilbertVarshamov;
import dev.mekiki.hashing.center.CenterTable;
import dev.mekiki.hashing.code.HashCode;
import java.util.List;
import java.util.Optional;

/// One more center for a table whose centers stay as they are: the majority of a few codes of a new
/// class, moved away from the others as far as the table's minimum distance requires, by the bits
/// that the codes are least certain of.
///
/// @param code the center
/// @param majority of the codes: the center's place if there were no others
/// @param targetDistance the smallest distance of the table's own centers; for a single one what
///   {@link GilbertVarshamov} gives for two
/// @param nearest number of the table's center that is nearest to the new one
/// @param nearestDistance distance to it: below the target if no place at the target was found
public record AddedCenter(
    HashCode code, HashCode majority, int targetDistance, int nearest, int nearestDistance) {
  /// A center for the codes.
  ///
  /// @param codes of the new class, at least one, of the table's number of bits
  /// @throws IllegalArgumentException if these do not hold, or the table has every code
  public static AddedCenter to(CenterTable table, List<HashCode> codes) {
    if (codes.isEmpty()) {
      throw new IllegalArgumentException("codes: none (expected: at least 1)");
    }
    long[] votes = new long[table.bits()];
    for (HashCode code : codes) {
      if (code.bits() != table.bits()) {
        throw new IllegalArgumentException(
            "code: %d bits (expected: %d)".formatted(code.bits(), table.bits()));
      }
      for (int bit = 0; bit < votes.length; bit++) {
        votes[bit] += code.bit(bit) ? 1 : -1;
      }
    }
    PackedCodes centers = PackedCodes.of(table.bits(), table.centers());
    // Centers that coincide keep no distance that could be followed: take that of two centers.
    int target =
        table.size() == 1
            ? GilbertVarshamov.minimumDistance(table.bits(), 2)
            : Math.max(1, table.minimumDistance());
    for (int distance = target; distance > 0; distance--) {
      Optional<long[]> place = VotedPlace.find(centers, -1, distance, votes);
      if (place.isPresent()) {
        HashCode code = HashCode.of(table.bits(), place.get());
        CenterTable.Cell cell = table.cell(code);
        return new AddedCenter(
            code,
            HashCode.of(table.bits(), VotedPlace.majority(votes)),
            target,
            cell.center(),
            cell.shell());
      }
    }
    throw new IllegalArgumentException(
        "centers: %d of %d bits (expected: fewer, to leave room for one more)"
            .formatted(table.size(), table.bits()));
  }

  /// False if the new center is nearer to another than the table's own are to each other.
  public boolean reachedTarget() {
    return nearestDistance >= targetDistance;
  }

  /// Bits in which the center differs from the majority.
  public int movedBits() {
    return code.distance(majority);
  }
}
