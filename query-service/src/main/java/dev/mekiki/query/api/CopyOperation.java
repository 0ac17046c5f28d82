package dev.mekiki.query.api;

import com.google.protobuf.ByteString;
import dev.mekiki.query.cluster.ClusterView;
import dev.mekiki.query.cluster.Deadline;
import dev.mekiki.query.cluster.ImageLookup;
import dev.mekiki.query.cluster.ImageLookup.Lookup;
import dev.mekiki.query.cluster.IndexClients;
import dev.mekiki.query.cluster.LandmarkPartitions;
import dev.mekiki.query.copies.CopyRanking;
import dev.mekiki.query.encoder.Encoders;
import dev.mekiki.schemas.image.ImageId;
import dev.mekiki.schemas.search.SearchLimits;
import dev.mekiki.schemas.v1.AlignCandidate;
import dev.mekiki.schemas.v1.AlignRequest;
import dev.mekiki.schemas.v1.AlignResponse;
import dev.mekiki.schemas.v1.AlignedCandidate.Result;
import dev.mekiki.schemas.v1.CopyHit;
import dev.mekiki.schemas.v1.CopySearch;
import dev.mekiki.schemas.v1.EncodeResponse;
import dev.mekiki.schemas.v1.FindCopiesRequest;
import dev.mekiki.schemas.v1.FoundCopy;
import dev.mekiki.schemas.v1.QueryPicture;
import dev.mekiki.schemas.v1.SearchHit;
import dev.mekiki.schemas.v1.SearchRequest;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The part of a search that looks for copies of the picture: asks the partitions of landmarks, has
/// an encoder lay the picture over what they find, and ranks. Where a part does not answer, what
/// the others say is still given, and it is said what is missing. Thread-safe; a search blocks.
///
/// @param clients calls to index instances
/// @param encoders calls to encoder instances
/// @param placedImages lookups by id
/// @param limits of time
record CopyOperation(
    IndexClients clients, Encoders encoders, ImageLookup placedImages, Backend.Limits limits) {

  /// Whether a search looks for copies.
  ///
  /// @throws ApiException INVALID_ARGUMENT where the request insists and it cannot be
  static boolean isWanted(SearchRequest request, ClusterView view) {
    boolean insists = request.hasCopies() && request.getCopies();
    if (!request.hasImage()) {
      if (insists) {
        throw ApiException.invalid(
            "copies: true in a search by id or code (expected: a search by image, or leave it"
                + " out)");
      }
      return false;
    }
    if (view.landmarkPartitions() > 0) {
      return insists || !request.hasCopies();
    }
    if (insists) {
      throw view.instances().isEmpty()
          ? ApiException.unavailable("copies: no index instance is known yet; try again")
          : ApiException.invalid(
              "copies: true, but copies are not looked for (expected: mekiki.match.copies=on for"
                  + " encoders and index instances, or leave it out)");
    }
    return false;
  }

  /// What decides whether a hit is a copy, next to the fingerprint.
  static QueryPicture picture(EncodeResponse encoded) {
    return QueryPicture.newBuilder()
        .setSha256(encoded.getSha256())
        .setFingerprintQuality(encoded.getFingerprintQuality())
        .build();
  }

  /// Which images may be found.
  ///
  /// @param filter metadata that they have: key = value
  /// @param tenant whose they are, empty for the default tenant; null for everybody's
  record Wanted(Map<String, String> filter, @Nullable String tenant) {
    Wanted {
      filter = Map.copyOf(filter);
    }
  }

  /// Asks the partitions of landmarks.
  ///
  /// @param generation id of the generation
  Running start(EncodeResponse encoded, String generation, ClusterView view, Wanted wanted) {
    CompletableFuture<LandmarkPartitions.Found> found;
    if (encoded.getSought().getLandmarks().isEmpty()) {
      found =
          CompletableFuture.completedFuture(
              new LandmarkPartitions.Found(List.of(), 0, new TreeSet<>()));
    } else {
      found =
          new LandmarkPartitions(view, clients, Deadline.after(limits.searchTimeout()))
              .find(request(encoded, generation, wanted));
    }
    return new Running(encoded, view, wanted, found);
  }

  private static FindCopiesRequest request(
      EncodeResponse encoded, String generation, Wanted wanted) {
    FindCopiesRequest.Builder request =
        FindCopiesRequest.newBuilder()
            .setGeneration(generation)
            .setSought(encoded.getSought().getLandmarks())
            .setHashCode(encoded.getHashCode())
            .setFingerprint(encoded.getFingerprint())
            .setPicture(picture(encoded));
    if (wanted.tenant() != null) {
      request.setTenant(wanted.tenant());
    }
    return request.build();
  }

  /// The copies of a picture.
  ///
  /// @param copies in their order
  /// @param sharedElements images that have a part in common with it, in their order
  /// @param search how far copies were looked for
  record Answer(List<CopyHit> copies, List<CopyHit> sharedElements, CopySearch search) {
    Answer {
      copies = List.copyOf(copies);
      sharedElements = List.copyOf(sharedElements);
    }
  }

  /// A search under way. Used by one thread.
  final class Running {
    private final EncodeResponse encoded;
    private final ClusterView view;
    private final Wanted wanted;
    private final CompletableFuture<LandmarkPartitions.Found> found;
    private final CopySearch.Builder search = CopySearch.newBuilder();
    private final List<String> reasons = new ArrayList<>();

    Running(
        EncodeResponse encoded,
        ClusterView view,
        Wanted wanted,
        CompletableFuture<LandmarkPartitions.Found> found) {
      this.encoded = encoded;
      this.view = view;
      this.wanted = wanted;
      this.found = found;
    }

    /// What was found, once everything has answered or its time is over.
    ///
    /// @param hits of the search by code
    Answer finish(List<SearchHit> hits) throws InterruptedException {
      // Each call ends by its deadline, so this does.
      LandmarkPartitions.Found candidates = found.join();
      search.addAllMissingPartitions(candidates.missing()).setLeftOut(candidates.leftOut());
      if (!encoded.hasSought()) {
        reasons.add(
            "the encoder found no landmarks (expected: mekiki.match.copies=on for every encoder)");
      }
      if (!candidates.missing().isEmpty()) {
        reasons.add(
            "partitions of landmarks %s gave no answer within %d ms"
                .formatted(
                    candidates.missing().stream()
                        .map(String::valueOf)
                        .collect(Collectors.joining(", ")),
                    limits.searchTimeout().toMillis()));
      }
      CopyRanking ranking = new CopyRanking(hits, candidates.copies());
      align(ranking);
      List<CopyHit> copies = filtered(ranking.copies(), hits);
      List<CopyHit> sharing = filtered(ranking.sharedElements(), hits);
      return new Answer(
          copies,
          sharing,
          search.setComplete(reasons.isEmpty()).setReason(String.join("; ", reasons)).build());
    }

    private void align(CopyRanking ranking) {
      List<FoundCopy> candidates = ranking.undecided();
      if (candidates.size() > SearchLimits.MAX_ALIGNED) {
        search.setLeftOut(search.getLeftOut() + candidates.size() - SearchLimits.MAX_ALIGNED);
        candidates = candidates.subList(0, SearchLimits.MAX_ALIGNED);
      }
      if (candidates.isEmpty()) {
        return;
      }
      ByteString thumbnail = encoded.getSought().getThumbnail();
      if (thumbnail.isEmpty()) {
        unverified(
            candidates.size(),
            "there are no thumbnails to compare (expected: mekiki.encoder.thumbnail-side above 0)");
        return;
      }
      try {
        AlignResponse response =
            encoders.align(request(candidates), Deadline.after(limits.alignTimeout()));
        int answered = Math.min(candidates.size(), response.getCandidatesCount());
        int verified = 0;
        for (int i = 0; i < answered; i++) {
          ranking.aligned(candidates.get(i), response.getCandidates(i));
          verified += response.getCandidates(i).getResult() == Result.NOT_VERIFIED ? 0 : 1;
        }
        unverified(
            candidates.size() - verified,
            "%d candidates were not verified within %d ms"
                .formatted(candidates.size() - verified, limits.alignTimeout().toMillis()));
      } catch (StatusRuntimeException e) {
        unverified(candidates.size(), String.valueOf(e.getStatus().getDescription()));
      }
    }

    private AlignRequest request(List<FoundCopy> candidates) {
      return AlignRequest.newBuilder()
          .setNetwork(encoded.getNetwork())
          .setThumbnail(encoded.getSought().getThumbnail())
          .setWidth(encoded.getWidth())
          .setHeight(encoded.getHeight())
          .addAllCandidates(
              candidates.stream()
                  .map(candidate ->
                      AlignCandidate.newBuilder()
                          .setImageId(candidate.getImageId())
                          .setImage(candidate.getImage())
                          .addAllProposals(candidate.getProposalsList())
                          .build())
                  .toList())
          .build();
    }

    private void unverified(int candidates, String reason) {
      if (candidates > 0) {
        search.setUnverified(search.getUnverified() + candidates);
        reasons.add(reason);
      }
    }

    /// Those whose metadata the filter accepts. Landmarks have none, so placement is asked; hits
    /// were filtered already.
    private List<CopyHit> filtered(List<CopyHit> copies, List<SearchHit> hits)
        throws InterruptedException {
      Map<String, String> filter = wanted.filter();
      if (filter.isEmpty()) {
        return copies;
      }
      List<String> accepted = hits.stream().map(SearchHit::getImageId).toList();
      Deadline deadline = Deadline.after(limits.searchTimeout());
      List<CopyHit> kept = new ArrayList<>();
      int unknown = 0;
      for (CopyHit copy : copies) {
        if (accepted.contains(copy.getImageId())) {
          kept.add(copy);
          continue;
        }
        switch (placedImages.find(
            () -> view, new ImageId(copy.getImageId()), wanted.tenant(), deadline)) {
          case Lookup.Found(var image, var _) -> {
            if (image.getFilterableMetadataMap().entrySet().containsAll(filter.entrySet())) {
              kept.add(copy);
            }
          }
          case Lookup.Unknown() -> {}
          case Lookup.NoAnswer _ -> unknown++;
        }
      }
      unverified(unknown, "the metadata of %d copies could not be looked up".formatted(unknown));
      return kept;
    }
  }
}
