package dev.mekiki.encoding.bundle;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// How a bundle stores weights. The network always computes with 32-bit floats.
public enum Precision {
  /// IEEE 754 binary32: as trained.
  FLOAT32(Float.BYTES),
  /// IEEE 754 binary16, rounded to the nearest: half the size, with 11 significant bits. Values of
  /// 65,520 and beyond have no place in it.
  FLOAT16(Short.BYTES);

  private final int bytes;

  Precision(int bytes) {
    this.bytes = bytes;
  }

  /// Bytes of one value.
  int bytes() {
    return bytes;
  }

  /// Values as they are after being stored and read again.
  ///
  /// @param weights little-endian 32-bit floats; left as they are
  /// @return the same form
  /// @throws IllegalArgumentException where a value has no place in this precision
  public byte[] rounded(byte[] weights) {
    return decode(encode(weights));
  }

  /// Little-endian 32-bit floats in the form in which they are stored, little-endian too.
  ///
  /// @throws IllegalArgumentException where a value has no place in this precision
  byte[] encode(byte[] weights) {
    if (this == FLOAT32) {
      return weights.clone();
    }
    ByteBuffer from = ByteBuffer.wrap(weights).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer to =
        ByteBuffer.allocate(weights.length / Float.BYTES * bytes).order(ByteOrder.LITTLE_ENDIAN);
    while (from.hasRemaining()) {
      float value = from.getFloat();
      short half = Float.floatToFloat16(value);
      if (Float.isFinite(value) && !Float.isFinite(Float.float16ToFloat(half))) {
        throw new IllegalArgumentException(
            "weight: %s (expected: below 65520 in size, for %s)".formatted(value, this));
      }
      to.putShort(half);
    }
    return to.array();
  }

  /// What {@link #encode} was given, rounded.
  byte[] decode(byte[] stored) {
    if (this == FLOAT32) {
      return stored.clone();
    }
    ByteBuffer from = ByteBuffer.wrap(stored).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer to =
        ByteBuffer.allocate(stored.length / bytes * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    while (from.hasRemaining()) {
      to.putFloat(Float.float16ToFloat(from.getShort()));
    }
    return to.array();
  }
}
