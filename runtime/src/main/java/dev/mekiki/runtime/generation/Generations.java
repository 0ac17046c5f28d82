package dev.mekiki.runtime.generation;

import dev.mekiki.hashing.match.Eras;
import dev.mekiki.schemas.v1.Cut;
import dev.mekiki.schemas.v1.Generation;
import dev.mekiki.schemas.v1.IndexMember;
import dev.mekiki.schemas.v1.MatchSettings;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What the topic `generations` says at one moment. Immutable.
///
/// @param byId the generations that are kept, by id, in the order in which they came or changed
/// @param active the generation whose record is the last that says so, or null
/// @param cuts all cuts, the first with number 1
/// @param settings what the instances of each generation's index have agreed on, by its id
/// @param members index instances that run or have run, by their client
public record Generations(
    Map<String, Generation> byId,
    @Nullable Generation active,
    List<Cut> cuts,
    Map<String, MatchSettings> settings,
    Map<String, IndexMember> members) {
  public Generations {
    byId = Collections.unmodifiableMap(new LinkedHashMap<>(byId));
    cuts = List.copyOf(cuts);
    settings = Map.copyOf(settings);
    members = Map.copyOf(members);
  }

  /// Whether a generation is the active one.
  public boolean isActive(String id) {
    return active != null && active.getId().equals(id);
  }

  /// The generations whose ids begin so.
  public List<Generation> startingWith(String prefix) {
    return byId.values().stream()
        .filter(generation -> generation.getId().startsWith(prefix))
        .toList();
  }

  /// Whether a generation was prepared or has taken part in a cut: it is there on purpose, beside
  /// the active one.
  public boolean isBuiltBeside(Generation generation) {
    String id = generation.getId();
    return generation.getState() == Generation.State.PREPARED
        || cuts.stream()
            .anyMatch(cut -> cut.getGeneration().equals(id) || cut.getPrevious().equals(id));
  }

  /// The generation that was active before the last cut, where that made the active one so and the
  /// other is kept.
  public Optional<Generation> previous() {
    if (cuts.isEmpty() || !isActive(cuts.getLast().getGeneration())) {
      return Optional.empty();
    }
    return Optional.ofNullable(byId.get(cuts.getLast().getPrevious()));
  }

  /// The eras of images as a generation's index sees them.
  ///
  /// @param agreed its settings
  public Eras eras(String generation, MatchSettings agreed) {
    List<Eras.Cut> seen = new ArrayList<>();
    for (Cut cut : cuts) {
      seen.add(
          new Eras.Cut(
              cut.getGeneration().equals(generation),
              cut.getImagesTopicId(),
              cut.getImagesOffsetsList()));
    }
    return new Eras(seen, agreed.getCutsBefore(), agreed.getPrepared());
  }

  /// Whether the index of a generation is begun beside an active one, and after how many cuts.
  ///
  /// @param cutsBefore cuts made before
  /// @param prepared true where others report the pairs of that time
  public record Beginning(int cutsBefore, boolean prepared) {}

  /// How the index of a generation is begun that has none yet.
  public Beginning beginning(String generation) {
    for (Cut cut : cuts) {
      if (cut.getGeneration().equals(generation)) {
        // It became active before anybody had begun its index.
        return new Beginning(cut.getNumber() - 1, true);
      }
    }
    @Nullable Generation known = byId.get(generation);
    boolean prepared = known != null && known.getState() == Generation.State.PREPARED;
    return new Beginning(cuts.size(), prepared);
  }
}
