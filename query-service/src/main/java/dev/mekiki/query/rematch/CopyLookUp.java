package dev.mekiki.query.rematch;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import dev.mekiki.query.cluster.StoredPartitions;
import dev.mekiki.schemas.image.ImageId;
import dev.mekiki.schemas.v1.CandidatesOfImage;
import dev.mekiki.schemas.v1.CopyCandidate;
import dev.mekiki.schemas.v1.CopyImage;
import dev.mekiki.schemas.v1.FindCopiesAgainRequest;
import dev.mekiki.schemas.v1.FindCopiesAgainResponse;
import dev.mekiki.schemas.v1.StoredImageLandmarks;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Looks up which earlier images stored ones may be copies of.
///
/// @param generation that is served
/// @param prepared says which images are settled
/// @param since images before that time are left out; null for none
record CopyLookUp(String generation, Preparation prepared, @Nullable Timestamp since) {
  /// The pairs of images that are still there, each asked for first in the partition where it
  /// belongs, then in all others; blocks.
  ///
  /// @param partitions the cluster as it stands
  List<CopyCandidate> candidates(StoredPartitions partitions, List<StoredImageLandmarks> images) {
    List<CopyCandidate> found = new ArrayList<>();
    List<StoredImageLandmarks> standing = new ArrayList<>();
    Map<Integer, List<StoredImageLandmarks>> byHome = new TreeMap<>();
    for (StoredImageLandmarks image : images) {
      byHome.computeIfAbsent(home(image), _ -> new ArrayList<>()).add(image);
    }
    List<FindCopiesAgainRequest> atHome = new ArrayList<>();
    byHome.forEach((partition, some) -> atHome.add(request(partition, some)));
    forEach(
        atHome,
        partitions.findCopies(atHome),
        (image, candidates) -> {
          if (!candidates.getGone() && isSince(candidates.getImage())) {
            found.addAll(candidates.getCandidatesList());
            standing.add(as(image, candidates.getImage()));
          }
        });
    List<FindCopiesAgainRequest> elsewhere = new ArrayList<>();
    for (int partition = 0; partition < prepared.landmarkPartitions(); partition++) {
      int asked = partition;
      List<StoredImageLandmarks> others =
          standing.stream().filter(image -> home(image) != asked).toList();
      if (!others.isEmpty()) {
        elsewhere.add(request(partition, others));
      }
    }
    forEach(
        elsewhere,
        partitions.findCopies(elsewhere),
        (_, candidates) -> found.addAll(candidates.getCandidatesList()));
    return found;
  }

  private int home(StoredImageLandmarks image) {
    return new ImageId(image.getImageId()).partition(prepared.landmarkPartitions());
  }

  private boolean isSince(CopyImage image) {
    Timestamp from = since;
    return from == null || Timestamps.compare(image.getImageTime(), from) >= 0;
  }

  private static StoredImageLandmarks as(StoredImageLandmarks image, CopyImage stored) {
    return image.toBuilder()
        .setLandmarks(image.getLandmarks().toBuilder().setImage(stored))
        .build();
  }

  private FindCopiesAgainRequest request(int partition, List<StoredImageLandmarks> images) {
    return FindCopiesAgainRequest.newBuilder()
        .setGeneration(generation)
        .setPartition(partition)
        .setSequence(prepared.settledCopies(partition))
        .addAllImages(images)
        .build();
  }

  private interface Answer {
    void of(StoredImageLandmarks image, CandidatesOfImage candidates);
  }

  private static void forEach(
      List<FindCopiesAgainRequest> requests,
      List<FindCopiesAgainResponse> responses,
      Answer answer) {
    for (int i = 0; i < requests.size(); i++) {
      for (int j = 0; j < requests.get(i).getImagesCount(); j++) {
        answer.of(requests.get(i).getImages(j), responses.get(i).getImages(j));
      }
    }
  }
}
