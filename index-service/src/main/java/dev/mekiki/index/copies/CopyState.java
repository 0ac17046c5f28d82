package dev.mekiki.index.copies;

import dev.mekiki.index.expiry.Expiry;
import dev.mekiki.index.flood.FloodControl;
import dev.mekiki.index.history.ImageHistory;
import dev.mekiki.index.history.Standing;
import dev.mekiki.index.probe.ProbeProgress;
import dev.mekiki.schemas.v1.CopyImage;
import dev.mekiki.schemas.v1.EarlierRecord;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/// What a task knows of its partition of landmarks: its images, and how far it has come with
/// probes. Owned by one stream thread.
///
/// @param logged where rows are written: it logs each to the changelog
/// @param store where they are read, and their search structures
/// @param progress with sending and processing probes
/// @param outbox probes that wait for the commit
/// @param expiry of its images
/// @param history which records its images had before
/// @param floods which images are not looked up now
/// @param opening another one each time that the task is made: it goes on from the last commit
record CopyState(
    KeyValueStore<Bytes, byte[]> logged,
    LandmarkStore store,
    ProbeProgress progress,
    LandmarkOutbox outbox,
    Expiry<CopyImage> expiry,
    ImageHistory history,
    FloodControl floods,
    String opening) {
  /// Stores an image, in place of what was known of it.
  void put(String id, @Nullable StoredCopy before, StoredCopy copy) {
    Standing after = copy.standing();
    List<EarlierRecord> earlier =
        history.placed(id, before == null ? null : before.standing(), after.sha256(), after.time());
    logged.put(LandmarkStore.key(id), copy.after(earlier).toBytes());
    expiry.changed(id, before == null ? null : before.image(), copy.image());
  }

  /// Removes an image that was there.
  void remove(String id, StoredCopy copy) {
    logged.delete(LandmarkStore.key(id));
    expiry.changed(id, copy.image(), null);
  }
}
