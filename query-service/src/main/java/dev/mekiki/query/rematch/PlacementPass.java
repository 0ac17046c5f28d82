package dev.mekiki.query.rematch;

import com.google.protobuf.ByteString;
import dev.mekiki.query.cluster.StoredPartitions;
import dev.mekiki.query.rematch.RematchJob.ViewOf;
import dev.mekiki.runtime.generation.GenerationGeometry;
import dev.mekiki.schemas.v1.ArrivedImage;
import dev.mekiki.schemas.v1.ListArrivalsRequest;
import dev.mekiki.schemas.v1.ListArrivalsResponse;
import dev.mekiki.schemas.v1.Match;
import dev.mekiki.schemas.v1.Rematch;
import dev.mekiki.schemas.v1.RematchProgress;
import io.grpc.StatusRuntimeException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads which images there are, in the order of their ids, and has each partition look up the
/// earlier images that they match by bytes, fingerprints and codes. For one thread.
final class PlacementPass implements Pass {
  /// Images looked at in one call.
  private static final int PAGE = 500;

  private final GenerationGeometry geometry;
  private final ViewOf view;
  private final Rematch job;
  private final Preparation prepared;
  private final LookUp lookUp;

  private int partition;
  private ByteString after;

  /// Images that were read and not looked up yet.
  private final Deque<ArrivedImage> waiting = new ArrayDeque<>();

  /// Where reading goes on once they are; whether the partition ends then.
  private ByteString read = ByteString.EMPTY;

  private int readImages;
  private boolean isLastPage;

  /// Those of the images read that were looked at before.
  private int lookedAt;

  /// @param job what is asked for
  /// @param progress where to go on
  PlacementPass(
      GenerationGeometry geometry,
      ViewOf view,
      Rematch job,
      Preparation prepared,
      LookUp lookUp,
      RematchProgress progress) {
    this.geometry = geometry;
    this.view = view;
    this.job = job;
    this.prepared = prepared;
    this.lookUp = lookUp;
    partition = progress.getPartition();
    after = progress.getAfter();
  }

  @Override
  public @Nullable Outcome next(int most) {
    if (waiting.isEmpty()) {
      if (partition >= geometry.partitions()) {
        return null;
      }
      StoredPartitions partitions = view.of(geometry);
      readOn(partitions);
      if (waiting.isEmpty()) {
        return moveOn(List.of(), 0);
      }
    }
    List<ArrivedImage> batch = new ArrayList<>();
    while (batch.size() < most && !waiting.isEmpty()) {
      batch.add(waiting.remove());
    }
    List<Match> found;
    try {
      found = lookUp.matches(view.of(geometry), batch);
    } catch (StatusRuntimeException e) {
      for (ArrivedImage image : batch.reversed()) {
        waiting.addFirst(image);
      }
      throw e;
    }
    if (waiting.isEmpty()) {
      return moveOn(found, batch.size());
    }
    ArrivedImage last = batch.getLast();
    int before = lookedAt;
    after = ByteString.copyFromUtf8(last.getImageId());
    lookedAt = last.getLookedAt();
    return Outcome.found(found, batch.size(), lookedAt - before);
  }

  private void readOn(StoredPartitions partitions) {
    ListArrivalsRequest.Builder request =
        ListArrivalsRequest.newBuilder()
            .setGeneration(geometry.id())
            .setPartition(partition)
            .setAfter(after)
            .setLimit(PAGE)
            .setSequence(prepared.settled(partition));
    if (job.hasSince()) {
      request.setSince(job.getSince());
    }
    if (job.hasTenant()) {
      request.setTenant(job.getTenant());
    }
    ListArrivalsResponse response = partitions.list(request.build());
    waiting.addAll(response.getImagesList());
    isLastPage = response.getLast().isEmpty();
    read = response.getLast();
    readImages = response.getLookedAt();
    lookedAt = 0;
  }

  /// All that was read is done.
  private Outcome moveOn(List<Match> found, int lookedUp) {
    int before = lookedAt;
    after = read;
    lookedAt = 0;
    if (isLastPage) {
      partition++;
      after = ByteString.EMPTY;
      isLastPage = false;
    }
    return Outcome.found(found, lookedUp, readImages - before);
  }

  @Override
  public void describe(RematchProgress.Builder progress) {
    progress.setPartition(partition).setAfter(after);
  }

  @Override
  public void close() {
    // It holds nothing.
  }
}
