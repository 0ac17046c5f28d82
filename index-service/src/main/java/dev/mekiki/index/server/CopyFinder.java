package dev.mekiki.index.server;

import static dev.mekiki.index.server.IndexEndpoint.invalid;
import static dev.mekiki.index.server.IndexEndpoint.refused;

import com.google.protobuf.ByteString;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.landmark.SoughtLandmarks;
import dev.mekiki.hashing.match.CopyRule;
import dev.mekiki.hashing.match.Sha256;
import dev.mekiki.hashing.pdq.Fingerprint;
import dev.mekiki.index.copies.CopySearcher;
import dev.mekiki.schemas.v1.FindCopiesRequest;
import dev.mekiki.schemas.v1.FindCopiesResponse;
import dev.mekiki.schemas.v1.QueryPicture;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.TimeoutException;

/// Checks requests for copies and answers them. Thread-safe.
///
/// @param bits of hash codes
/// @param copies searches the partitions of landmarks
record CopyFinder(int bits, CopySearcher copies) {
  private static final int SHA256_BYTES = 32;
  private static final int MAX_QUALITY = 100;
  private static final long WAIT_MILLIS = 2_000;

  /// What the partitions asked for hold.
  ///
  /// @throws StatusRuntimeException INVALID_ARGUMENT where the request is at fault
  FindCopiesResponse find(FindCopiesRequest request) {
    CopySearcher.Query query =
        new CopySearcher.Query(
            code(request.getHashCode()),
            picture(request.getPicture(), request.getFingerprint()),
            landmarks(request.getSought()),
            request.hasTenant() ? request.getTenant() : null);
    SortedSet<Integer> partitions = new TreeSet<>();
    for (int partition : request.getPartitionsList()) {
      if (partition < 0 || partition >= copies.partitions()) {
        throw invalid(
            "partition of landmarks: %d (expected: 0..%d)"
                .formatted(partition, copies.partitions() - 1));
      }
      partitions.add(partition);
    }
    try {
      return copies.find(partitions, query, WAIT_MILLIS);
    } catch (TimeoutException e) {
      throw refused(Status.UNAVAILABLE, e.getMessage() + " (expected: fewer searches at once)");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw refused(Status.UNAVAILABLE, "this instance is stopping");
    }
  }

  private HashCode code(ByteString bytes) {
    if (bytes.size() * Byte.SIZE != bits) {
      throw invalid(
          "hash_code: %d bytes (expected: %d, as the generation's codes have %d bits)"
              .formatted(bytes.size(), bits / Byte.SIZE, bits));
    }
    return HashCode.fromBytes(bytes.toByteArray());
  }

  private static SoughtLandmarks landmarks(ByteString bytes) {
    try {
      return SoughtLandmarks.fromBytes(bytes.toByteArray());
    } catch (IllegalArgumentException e) {
      throw invalid(String.valueOf(e.getMessage()));
    }
  }

  /// The query picture as the rule sees it.
  ///
  /// @throws StatusRuntimeException INVALID_ARGUMENT where it is none
  static CopyRule.Picture picture(QueryPicture picture, ByteString fingerprint) {
    if (fingerprint.size() * Byte.SIZE != Fingerprint.BITS) {
      throw invalid(
          "fingerprint: %d bytes (expected: %d)"
              .formatted(fingerprint.size(), Fingerprint.BITS / Byte.SIZE));
    }
    if (picture.getSha256().size() != SHA256_BYTES) {
      throw invalid(
          "sha256: %d bytes (expected: %d)".formatted(picture.getSha256().size(), SHA256_BYTES));
    }
    int quality = picture.getFingerprintQuality();
    if (quality < 0 || quality > MAX_QUALITY) {
      throw invalid("fingerprint_quality: %d (expected: 0..%d)".formatted(quality, MAX_QUALITY));
    }
    return new CopyRule.Picture(
        new Fingerprint(HashCode.fromBytes(fingerprint.toByteArray()), quality),
        Sha256.of(picture.getSha256().toByteArray()));
  }
}
