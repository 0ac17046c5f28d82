package dev.mekiki.reliability.topics;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.mekiki.launcher.endtoend.PoisonRecords;
import dev.mekiki.schemas.v1.Placement;
import java.util.HashMap;
import java.util.Map;

/// In which partition each revision is stored, by `code-placements`. Immutable.
public final class Homes {
  private final Map<Place, Integer> homes;

  private Homes(Map<Place, Integer> homes) {
    this.homes = Map.copyOf(homes);
  }

  /// Given ones, by revision.
  public static Homes of(Map<Place, Integer> homes) {
    return new Homes(homes);
  }

  /// Reads the topic as it is now.
  public static Homes read(String bootstrapServers, TopicNames names) {
    Map<Place, Integer> homes = new HashMap<>();
    new TopicReader(bootstrapServers)
        .read(
            names.codePlacements(),
            true,
            record -> {
              if (PoisonRecords.isPoison(record.key()) || record.value() == null) {
                return;
              }
              try {
                Placement placement = Placement.parseFrom(record.value());
                homes.put(Place.of(placement.getRevision()), placement.getHomePartition());
              } catch (InvalidProtocolBufferException e) {
                throw new IllegalStateException("a placement cannot be read", e);
              }
            });
    return new Homes(homes);
  }

  /// The home of a revision; -1 where it was never placed.
  public int of(Place revision) {
    return homes.getOrDefault(revision, -1);
  }
}
