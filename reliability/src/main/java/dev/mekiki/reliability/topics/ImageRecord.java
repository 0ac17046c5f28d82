package dev.mekiki.reliability.topics;

import org.jspecify.annotations.Nullable;

/// A record on `images`.
///
/// @param timestamp milliseconds since 1970
/// @param tenant whose image it is; empty for the default tenant
/// @param sha256 of its bytes, hexadecimal; null for a deletion
/// @param operation the number of the operation that sent it; null where it does not say
public record ImageRecord(
    String id,
    Place place,
    long timestamp,
    String tenant,
    @Nullable String sha256,
    @Nullable Integer operation) {}
