package dev.mekiki.query.api;

import com.google.protobuf.ByteString;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.query.search.Query;
import dev.mekiki.schemas.image.ImageId;
import java.util.Map;

/// A search request that keeps every limit.
///
/// @param subject what to search for
/// @param waves how partitions are asked
/// @param radius 0 to q
/// @param limit most hits to return
/// @param limitIsOurs true where the caller set no `k`, and so is told when the limit cut hits off
/// @param filter metadata that every hit has: key = value
/// @param requireComplete fail rather than give a partial answer
record CheckedSearch(
    Subject subject,
    Query.Waves waves,
    int radius,
    int limit,
    boolean limitIsOurs,
    Map<String, String> filter,
    boolean requireComplete) {

  /// What a search starts from.
  sealed interface Subject {
    /// An image to be encoded.
    record ByImage(ByteString image) implements Subject {}

    /// An indexed image.
    record ById(ImageId id) implements Subject {}

    /// A hash code of q bits.
    record ByCode(HashCode code) implements Subject {}
  }
}
