package dev.mekiki.index.placement;

import dev.mekiki.hashing.pdq.Fingerprint;
import dev.mekiki.runtime.generation.GenerationGeometry;
import dev.mekiki.schemas.v1.ImageCode;
import java.util.Optional;

/// What keeps a record on `image-codes` from being placed: it was not written by an encoder of this
/// generation's network.
final class CodeDefects {
  private static final int SHA256_BYTES = 32;

  private CodeDefects() {}

  /// The first defect, as input and expectation.
  static Optional<String> of(ImageCode code, GenerationGeometry geometry) {
    if (!code.getNetwork().equals(geometry.network())) {
      return defect("network", code.getNetwork(), geometry.network());
    }
    if (code.getHashCode().size() * Byte.SIZE != geometry.bits()) {
      return defect(
          "hash_code", code.getHashCode().size() * Byte.SIZE + " bits", geometry.bits() + " bits");
    }
    if (code.getFingerprint().size() * Byte.SIZE != Fingerprint.BITS) {
      return defect(
          "fingerprint",
          code.getFingerprint().size() * Byte.SIZE + " bits",
          Fingerprint.BITS + " bits");
    }
    if (code.getFingerprintQuality() < 0 || code.getFingerprintQuality() > 100) {
      return defect("fingerprint_quality", code.getFingerprintQuality(), "0..100");
    }
    if (code.getSha256().size() != SHA256_BYTES) {
      return defect("sha256", code.getSha256().size() + " bytes", SHA256_BYTES + " bytes");
    }
    if (!code.hasSource()) {
      return defect("source", "absent", "the record on images it was made from");
    }
    return Optional.empty();
  }

  private static Optional<String> defect(String field, Object is, Object expected) {
    return Optional.of("%s: %s (expected: %s)".formatted(field, is, expected));
  }
}
