package dev.mekiki.hashing.turned;

import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.pdq.Fingerprint;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// The fingerprint of a picture without its border, by which it is found.
///
/// @param region what lies within the border
/// @param code 256 bits
public record TrimmedFingerprint(Region region, HashCode code) {
  private static final int CODE_BYTES = Fingerprint.BITS / Byte.SIZE;
  private static final int BYTES = Region.BYTES + CODE_BYTES;

  /// What {@link #toBytes} has written.
  ///
  /// @throws IllegalArgumentException if the bytes are not such
  public static TrimmedFingerprint fromBytes(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException(
          "trimmed fingerprint: %d bytes (expected: %d)".formatted(bytes.length, BYTES));
    }
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    Region region = Region.read(in);
    return new TrimmedFingerprint(region, readCode(in));
  }

  /// 48 bytes: left, top, right and bottom of the region as floats, then the fingerprint; all
  /// little-endian.
  public byte[] toBytes() {
    ByteBuffer out = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
    region.write(out);
    return out.put(code.toBytes()).array();
  }

  static HashCode readCode(ByteBuffer in) {
    byte[] code = new byte[CODE_BYTES];
    in.get(code);
    return HashCode.fromBytes(code);
  }
}
