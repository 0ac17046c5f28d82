package dev.mekiki.hashing.turned;

import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.pdq.Borders;
import dev.mekiki.hashing.pdq.Fingerprint;
import dev.mekiki.hashing.pdq.PdqHasher;
import dev.mekiki.hashing.pdq.Turn;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The fingerprints that a picture looks for in others: its own in all turns and, if it has a
/// border, those of what lies within.
///
/// @param parts the whole picture and what lies within its border; none if it is featureless
public record SoughtFingerprints(List<Part> parts) {
  /// Nothing is looked for.
  public static final SoughtFingerprints NONE = new SoughtFingerprints(List.of());

  private static final int MAX_PARTS = 2;

  /// Turns in the order in which they are written. That of the enum may change.
  private static final List<Turn> WRITTEN =
      List.of(
          Turn.NONE,
          Turn.MIRRORED,
          Turn.FLIPPED,
          Turn.ROTATED_180,
          Turn.TRANSPOSED,
          Turn.ROTATED_90,
          Turn.ROTATED_270,
          Turn.TRANSVERSED);

  private static final int PART_BYTES =
      Region.BYTES + WRITTEN.size() * Fingerprint.BITS / Byte.SIZE;

  /// A part of a picture in all turns.
  ///
  /// @param codes one for each of {@link #turns}
  public record Part(Region region, List<HashCode> codes) {
    public Part {
      codes = List.copyOf(codes);
    }
  }

  public SoughtFingerprints {
    parts = List.copyOf(parts);
    requireParts(parts.size());
  }

  private static void requireParts(int parts) {
    if (parts > MAX_PARTS) {
      throw new IllegalArgumentException(
          "sought fingerprints: %d parts (expected: at most %d)".formatted(parts, MAX_PARTS));
    }
  }

  /// What is done to a picture for each of the codes of a part: first nothing.
  public static List<Turn> turns() {
    return WRITTEN;
  }

  /// Of a picture. A part without features is left out; a picture without features has none.
  ///
  /// @param luminance as {@link PdqHasher#hash} wants it
  /// @throws IllegalArgumentException if the array has another size
  public static SoughtFingerprints of(float[] luminance, int width, int height) {
    List<Part> parts = new ArrayList<>();
    addPart(parts, Region.WHOLE, luminance, width, height);
    if (parts.isEmpty()) {
      return NONE;
    }
    Borders borders = Borders.of(luminance, width, height);
    if (!borders.isNone()) {
      addPart(
          parts,
          Region.within(borders, width, height),
          borders.trimmed(luminance, width, height),
          borders.width(width),
          borders.height(height));
    }
    return new SoughtFingerprints(parts);
  }

  private static void addPart(
      List<Part> parts, Region region, float[] luminance, int width, int height) {
    List<Fingerprint> fingerprints = PdqHasher.hashes(luminance, width, height, WRITTEN);
    if (!fingerprints.getFirst().isFeatureless()) {
      parts.add(new Part(region, fingerprints.stream().map(Fingerprint::code).toList()));
    }
  }

  /// By what the picture is found beside its own fingerprint, if it has a border.
  public Optional<TrimmedFingerprint> trimmed() {
    return parts.stream()
        .skip(1)
        .map(part -> new TrimmedFingerprint(part.region(), part.codes().getFirst()))
        .findFirst();
  }

  /// What {@link #toBytes} has written.
  ///
  /// @throws IllegalArgumentException if the bytes are not such
  public static SoughtFingerprints fromBytes(byte[] bytes) {
    if (bytes.length % PART_BYTES != 0) {
      throw new IllegalArgumentException(
          "sought fingerprints: %d bytes (expected: %d for each part)"
              .formatted(bytes.length, PART_BYTES));
    }
    requireParts(bytes.length / PART_BYTES);
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    List<Part> parts = new ArrayList<>();
    while (in.hasRemaining()) {
      Region region = Region.read(in);
      List<HashCode> codes = new ArrayList<>();
      for (int turn = 0; turn < WRITTEN.size(); turn++) {
        codes.add(TrimmedFingerprint.readCode(in));
      }
      parts.add(new Part(region, codes));
    }
    return new SoughtFingerprints(parts);
  }

  /// 272 bytes for each part: left, top, right and bottom of its region as floats, then 32 bytes
  /// for each turn; all little-endian.
  public byte[] toBytes() {
    ByteBuffer out = ByteBuffer.allocate(parts.size() * PART_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (Part part : parts) {
      part.region().write(out);
      part.codes().forEach(code -> out.put(code.toBytes()));
    }
    return out.array();
  }
}
