package dev.mekiki.query.rematch;

import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.match.Reach;
import dev.mekiki.query.cluster.StoredPartitions;
import dev.mekiki.runtime.generation.GenerationGeometry;
import dev.mekiki.schemas.v1.ArrivedImage;
import dev.mekiki.schemas.v1.Match;
import dev.mekiki.schemas.v1.MatchAgainRequest;
import dev.mekiki.schemas.v1.MatchAgainResponse;
import dev.mekiki.schemas.v1.MatchLimits;
import dev.mekiki.schemas.v1.MatchesOfImage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Looks up which earlier images stored ones match.
///
/// @param limits of the generation
/// @param prepared says which images are settled
/// @param fingerprintRadius largest fingerprint distance of a DUPLICATE; null for that of the
///   generation
record LookUp(
    GenerationGeometry geometry,
    MatchLimits limits,
    Preparation prepared,
    @Nullable Integer fingerprintRadius) {
  /// The matches of images that are still there, each asked for in its home and in the partitions
  /// that an arrival probes; blocks.
  ///
  /// @param partitions the cluster as it stands
  List<Match> matches(StoredPartitions partitions, List<ArrivedImage> images) {
    List<MatchAgainRequest> requests = requests(images);
    List<MatchAgainResponse> responses = partitions.match(requests);
    Set<String> gone = new HashSet<>();
    Map<String, List<Match>> found = new HashMap<>();
    for (int i = 0; i < requests.size(); i++) {
      for (int j = 0; j < requests.get(i).getImagesCount(); j++) {
        String id = requests.get(i).getImages(j).getImageId();
        MatchesOfImage matches = responses.get(i).getImages(j);
        if (matches.getGone()) {
          gone.add(id);
        }
        found.computeIfAbsent(id, _ -> new ArrayList<>()).addAll(matches.getMatchesList());
      }
    }
    found.keySet().removeAll(gone);
    return found.values().stream().flatMap(List::stream).toList();
  }

  private List<MatchAgainRequest> requests(List<ArrivedImage> images) {
    Map<Integer, List<ArrivedImage>> asked = new TreeMap<>();
    for (ArrivedImage image : images) {
      for (int partition : asked(image)) {
        asked.computeIfAbsent(partition, _ -> new ArrayList<>()).add(image);
      }
    }
    List<MatchAgainRequest> requests = new ArrayList<>();
    asked.forEach((partition, some) -> {
      MatchAgainRequest.Builder request =
          MatchAgainRequest.newBuilder()
              .setGeneration(geometry.id())
              .setPartition(partition)
              .setSequence(prepared.settled(partition))
              .addAllImages(some);
      if (fingerprintRadius != null) {
        request.setFingerprintRadius(fingerprintRadius);
      }
      requests.add(request.build());
    });
    return requests;
  }

  private Set<Integer> asked(ArrivedImage image) {
    int home = image.getPlacement().getHomePartition();
    Reach reach = Reach.valueOf(limits.getReach().toUpperCase(Locale.ROOT));
    int radius = Math.max(limits.getRadius(), limits.hasNearRadius() ? limits.getNearRadius() : 0);
    Set<Integer> asked =
        new TreeSet<>(
            geometry
                .routing()
                .probed(
                    HashCode.fromBytes(image.getPlacement().getHashCode().toByteArray()),
                    home,
                    reach,
                    radius));
    asked.add(home);
    return asked;
  }
}
