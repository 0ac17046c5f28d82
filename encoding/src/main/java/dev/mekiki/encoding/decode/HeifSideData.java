package dev.mekiki.encoding.decode;

import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_DATA_DISPLAYMATRIX;
import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_DATA_FRAME_CROPPING;
import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_DATA_ICC_PROFILE;

import org.bytedeco.ffmpeg.avcodec.AVPacketSideData;
import org.bytedeco.javacpp.IntPointer;
import org.jspecify.annotations.Nullable;
import org.opencv.core.Rect;

/// What the container says about a picture beside its pixels.
record HeifSideData(@Nullable AVPacketSideData first, int count) {
  private @Nullable AVPacketSideData one(int type) {
    for (int i = 0; first != null && i < count; i++) {
      AVPacketSideData data = first.getPointer(i);
      if (data.type() == type) {
        return data;
      }
    }
    return null;
  }

  /// Four distances from top, bottom, left and right.
  Rect crop(Rect whole) {
    AVPacketSideData data = one(AV_PKT_DATA_FRAME_CROPPING);
    if (data == null || data.size() < 16) {
      return whole;
    }
    IntPointer edges = new IntPointer(data.data());
    return new Rect(
        whole.x + edges.get(2),
        whole.y + edges.get(0),
        whole.width - edges.get(2) - edges.get(3),
        whole.height - edges.get(0) - edges.get(1));
  }

  /// From the signs of a matrix (a, b, u, c, d, v, ...) by which a point (x, y) goes to (ax + cy,
  /// bx + dy).
  Orientation orientation() {
    AVPacketSideData data = one(AV_PKT_DATA_DISPLAYMATRIX);
    if (data == null || data.size() < 36) {
      return Orientation.UPRIGHT;
    }
    IntPointer matrix = new IntPointer(data.data());
    int a = Integer.signum(matrix.get(0));
    int b = Integer.signum(matrix.get(1));
    int c = Integer.signum(matrix.get(3));
    int d = Integer.signum(matrix.get(4));
    if (a != 0 && d != 0) {
      return a > 0
          ? (d > 0 ? Orientation.UPRIGHT : Orientation.MIRRORED_TURNED_180)
          : (d > 0 ? Orientation.MIRRORED : Orientation.TURNED_180);
    }
    if (b != 0 && c != 0) {
      return c > 0
          ? (b > 0 ? Orientation.TRANSPOSED : Orientation.TURN_LEFT)
          : (b > 0 ? Orientation.TURN_RIGHT : Orientation.TRANSVERSED);
    }
    return Orientation.UPRIGHT;
  }

  byte @Nullable [] profile() {
    AVPacketSideData data = one(AV_PKT_DATA_ICC_PROFILE);
    if (data == null || data.size() > ColorProfile.MAX_BYTES) {
      return null;
    }
    byte[] profile = new byte[Math.toIntExact(data.size())];
    data.data().get(profile);
    return profile;
  }
}
