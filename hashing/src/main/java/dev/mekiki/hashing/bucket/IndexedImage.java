package dev.mekiki.hashing.bucket;

import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.pdq.Fingerprint;

/// One row of a partition's search structure.
///
/// @param id the image id
/// @param code its hash code
/// @param fingerprint its fingerprint
/// @param home true where this partition is the image's home; false for a boundary replica, which
///   serves matching alone
public record IndexedImage(String id, HashCode code, Fingerprint fingerprint, boolean home) {}
