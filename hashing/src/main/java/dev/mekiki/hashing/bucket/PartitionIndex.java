package dev.mekiki.hashing.bucket;

import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.pdq.Fingerprint;
import java.util.List;

/// The images of one partition, searched exactly.
///
/// One thread writes at a time; any number read concurrently, and each read sees one state.
public interface PartitionIndex {
  /// Adds an image, or replaces the one of the same id.
  void put(IndexedImage image);

  /// Removes the image of that id, if there is one.
  void remove(String id);

  /// Removes everything.
  void clear();

  /// The nearest home images, in {@link Hit#ORDER}.
  ///
  /// @throws IllegalArgumentException where the code has another number of bits than the structure
  SearchResult search(SearchQuery query);

  /// Every image, home or replica, within both radii of a code and fingerprint; in no order.
  ///
  /// @param codeRadius 0 to q
  /// @param fingerprintRadius 0 to 256; 256 leaves the fingerprint out of account
  List<MatchCandidate> candidates(
      HashCode code, Fingerprint fingerprint, int codeRadius, int fingerprintRadius);

  /// Number of home images.
  int homeImages();

  /// Number of all images, boundary replicas included.
  int images();
}
