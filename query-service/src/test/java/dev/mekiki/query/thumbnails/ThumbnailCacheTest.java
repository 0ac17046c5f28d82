package dev.mekiki.query.thumbnails;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.mekiki.schemas.image.Thumbnails;
import org.junit.jupiter.api.Test;

class ThumbnailCacheTest {
  private static final ByteString KILOBYTE = ByteString.copyFrom(new byte[1_000]);

  @Test
  void leastRecentlyUsedGoFirst() {
    ThumbnailCache cache = new ThumbnailCache(4_000);
    cache.put(key("a"), KILOBYTE);
    cache.put(key("b"), KILOBYTE);
    cache.put(key("c"), KILOBYTE);
    assertThat(cache.get(key("a"))).isNotNull();
    cache.put(key("d"), KILOBYTE);
    assertThat(cache.get(key("b"))).isNull();
    assertThat(cache.get(key("a"))).isNotNull();
    assertThat(cache.get(key("c"))).isNotNull();
    assertThat(cache.get(key("d"))).isNotNull();
    assertThat(cache.bytes()).isBetween(3_000L, 4_000L);
  }

  @Test
  void entryPutTwiceCountsOnce() {
    ThumbnailCache cache = new ThumbnailCache(4_000);
    for (int i = 0; i < 10; i++) {
      cache.put(key("a"), KILOBYTE);
    }
    assertThat(cache.bytes()).isBetween(1_000L, 2_000L);
  }

  @Test
  void oneLargerThanTheCacheIsNotKept() {
    ThumbnailCache cache = new ThumbnailCache(4_000);
    cache.put(key("a"), ByteString.copyFrom(new byte[5_000]));
    assertThat(cache.get(key("a"))).isNull();
    assertThat(cache.bytes()).isZero();
  }

  @Test
  void otherTopicPlaceOrChecksumIsAnotherEntry() {
    ThumbnailCache cache = new ThumbnailCache(4_000);
    cache.put(key("a"), KILOBYTE);
    assertThat(cache.get(new ThumbnailCache.Key("a", "other", Thumbnails.at(0, 1, KILOBYTE))))
        .isNull();
    assertThat(cache.get(new ThumbnailCache.Key("a", "topic", Thumbnails.at(0, 2, KILOBYTE))))
        .isNull();
    assertThat(
            cache.get(
                new ThumbnailCache.Key(
                    "a", "topic", Thumbnails.at(0, 1, ByteString.copyFromUtf8("other")))))
        .isNull();
  }

  private static ThumbnailCache.Key key(String id) {
    return new ThumbnailCache.Key(id, "topic", Thumbnails.at(0, 1, KILOBYTE));
  }
}
