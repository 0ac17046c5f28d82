package dev.mekiki.schemas.image;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import dev.mekiki.schemas.v1.CopyImage;
import dev.mekiki.schemas.v1.ImageCode;
import dev.mekiki.schemas.v1.PlacedImage;
import dev.mekiki.schemas.v1.Placement;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// For how long images are kept: `mekiki.images.retention`. An image ends when its own expiry says
/// so, or when its newest record on `images` is as old as the retention, whichever is earlier. From
/// then on it is treated as deleted.
///
/// All times are milliseconds since 1970.
///
/// @param duration counts from the record's timestamp; null keeps images until they are deleted or
///   expire by themselves
public record Retention(@Nullable Duration duration) {
  /// The end of an image that never ends: no time reaches it.
  public static final long NEVER = Long.MAX_VALUE;

  /// Images are kept until they are deleted or expire by themselves.
  public static final Retention NONE = new Retention(null);

  /// A retention as it is configured.
  public static Retention of(Optional<Duration> configured) {
    return configured.isEmpty() ? NONE : new Retention(configured.get());
  }

  /// True if images end by their age.
  public boolean isLimited() {
    return duration != null;
  }

  /// The end of an image.
  ///
  /// @param expires when it expires by itself, or {@link #NEVER}
  /// @param recordMillis timestamp of its newest record on `images`
  public long end(long expires, long recordMillis) {
    return duration == null ? expires : Math.min(expires, recordMillis + duration.toMillis());
  }

  /// The end of an image whose code this is the newest of.
  public long end(ImageCode code) {
    return end(code.hasExpireTime(), code.getExpireTime(), code.getImageTime());
  }

  /// The end of an image as placement knows it.
  public long end(PlacedImage image) {
    ImageCode code = image.getCode();
    return end(
        code.hasExpireTime(),
        code.getExpireTime(),
        image.hasRenewedTime() ? image.getRenewedTime() : code.getImageTime());
  }

  /// The end of an image as its home knows it.
  public long end(Placement placement) {
    return end(
        placement.hasExpireTime(),
        placement.getExpireTime(),
        placement.hasRenewedTime() ? placement.getRenewedTime() : placement.getImageTime());
  }

  /// The end of an image as the search for copies knows it.
  public long end(CopyImage image) {
    return end(
        image.hasExpireTime(),
        image.getExpireTime(),
        image.hasRenewedTime() ? image.getRenewedTime() : image.getImageTime());
  }

  @Override
  public String toString() {
    return duration == null ? "none" : duration.toString();
  }

  private long end(boolean expires, Timestamp expireTime, Timestamp recordTime) {
    return duration == null && !expires
        ? NEVER
        : end(expires ? Timestamps.toMillis(expireTime) : NEVER, Timestamps.toMillis(recordTime));
  }
}
