/// The packed search structure of one partition: buckets, shells, distinct codes, rows. It is what
/// a search and match detection read; the state store keeps it equal to its records. Depends on
/// `hashing.code`, `hashing.center`, `hashing.lists`, `hashing.pdq` and `hashing.scan`.
///
/// Start at {@link dev.mekiki.hashing.bucket.PartitionIndex}; behind it, `Content` is what one
/// thread changes, `Versions` what lets others read meanwhile, `ShellSearch` and `CandidateSearch`
/// are the two ways to read.
@NullMarked
package dev.mekiki.hashing.bucket;

import org.jspecify.annotations.NullMarked;
