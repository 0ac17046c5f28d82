package dev.mekiki.hashing.bucket;

import java.util.Comparator;

/// One image found.
///
/// @param id the image id
/// @param codeDistance 0 to q
/// @param fingerprintDistance 0 to 256, or {@link #NO_FINGERPRINT} where the query had none
public record Hit(String id, int codeDistance, int fingerprintDistance) {
  /// The fingerprint distance of a hit for a query without a fingerprint.
  public static final int NO_FINGERPRINT = -1;

  /// The order of answers: code distance, fingerprint distance, id as unsigned UTF-8 bytes.
  public static final Comparator<Hit> ORDER =
      Comparator.comparingInt(Hit::codeDistance)
          .thenComparingInt(Hit::fingerprintDistance)
          .thenComparing(Hit::id, IdOrder.COMPARATOR);
}
