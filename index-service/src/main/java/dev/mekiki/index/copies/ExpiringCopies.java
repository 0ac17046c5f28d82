package dev.mekiki.index.copies;

import dev.mekiki.index.expiry.ExpiringImages;
import dev.mekiki.index.history.ImageHistory;
import dev.mekiki.schemas.image.Retention;
import dev.mekiki.schemas.v1.CopyImage;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/// The images of one partition of landmarks, as their expiry sees them.
///
/// @param logged where rows are written: it logs each to the changelog
/// @param store where they are read
/// @param history keeps the records of what is removed
record ExpiringCopies(
    KeyValueStore<Bytes, byte[]> logged, LandmarkStore store, ImageHistory history)
    implements ExpiringImages<CopyImage> {
  @Override
  public @Nullable CopyImage get(String id) {
    return store.copy(id).map(StoredCopy::image).orElse(null);
  }

  @Override
  public long end(CopyImage image, Retention retention) {
    return retention.end(image);
  }

  @Override
  public void remove(String id, CopyImage image) {
    store.copy(id).ifPresent(copy -> history.gone(id, copy.standing()));
    logged.delete(LandmarkStore.key(id));
  }

  /// Nothing: no other partition keeps a copy.
  @Override
  public void retained(String id, CopyImage image) {}

  @Override
  public boolean walk(@Nullable String after, Visitor<CopyImage> visitor) {
    try (KeyValueIterator<Bytes, byte[]> rows =
        logged.range(after == null ? null : LandmarkStore.key(after), null)) {
      while (rows.hasNext()) {
        KeyValue<Bytes, byte[]> next = rows.next();
        String id = new String(next.key.get(), StandardCharsets.UTF_8);
        if (!id.equals(after) && !visitor.visit(id, store.parse(id, next.value).image())) {
          return false;
        }
      }
    }
    return true;
  }
}
