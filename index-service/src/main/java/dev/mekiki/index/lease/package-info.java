/// For how long partitions may be relied on. Depends on nothing.
///
/// Start at {@link dev.mekiki.index.lease.Lease}.
@NullMarked
package dev.mekiki.index.lease;

import org.jspecify.annotations.NullMarked;
