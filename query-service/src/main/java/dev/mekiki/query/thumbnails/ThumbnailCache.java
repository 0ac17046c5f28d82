package dev.mekiki.query.thumbnails;

import com.google.protobuf.ByteString;
import dev.mekiki.schemas.v1.ThumbnailCoordinate;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The thumbnails served last, up to a number of bytes. An entry never becomes wrong, because its
/// key names the checksum of its bytes. Thread-safe.
final class ThumbnailCache {
  /// Bytes that an entry takes beside thumbnail and id, about.
  private static final int ENTRY_BYTES = 250;

  private final long maxBytes;
  private final Map<Key, ByteString> entries = new LinkedHashMap<>(64, 0.75f, true);
  private long bytes;

  /// A thumbnail of an image.
  ///
  /// @param id the image
  /// @param topic that the coordinate belongs to
  record Key(String id, String topic, ThumbnailCoordinate at) {}

  ThumbnailCache(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  synchronized @Nullable ByteString get(Key key) {
    return entries.get(key);
  }

  synchronized void put(Key key, ByteString jpeg) {
    ByteString before = entries.put(key, jpeg);
    if (before != null) {
      bytes -= size(key, before);
    }
    bytes += size(key, jpeg);
    Iterator<Map.Entry<Key, ByteString>> oldest = entries.entrySet().iterator();
    while (bytes > maxBytes && oldest.hasNext()) {
      Map.Entry<Key, ByteString> entry = oldest.next();
      bytes -= size(entry.getKey(), entry.getValue());
      oldest.remove();
    }
  }

  /// Bytes held, about.
  synchronized long bytes() {
    return bytes;
  }

  private static long size(Key key, ByteString jpeg) {
    return ENTRY_BYTES + 2L * key.id().length() + jpeg.size();
  }
}
