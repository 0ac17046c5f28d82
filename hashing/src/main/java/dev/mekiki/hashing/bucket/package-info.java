/// The packed search structure of one partition: buckets, shells, distinct codes, rows. It is what
/// a search and match detection read; the state store keeps it equal to its records. Depends on
/// `hashing.code`, `hashing.center` and `hashing.pdq`.
///
/// Start at {@link dev.mekiki.hashing.bucket.PartitionIndex}.
@NullMarked
package dev.mekiki.hashing.bucket;

import org.jspecify.annotations.NullMarked;
