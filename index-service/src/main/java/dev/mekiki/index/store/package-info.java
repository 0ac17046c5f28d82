/// What the stores of all partitions have in common: records in RocksDB with a search structure
/// beside them. Depends on `index.record`, `index.standby` and `index.streamsinternals`.
///
/// Start at {@link dev.mekiki.index.store.IndexedStore}.
@NullMarked
package dev.mekiki.index.store;

import org.jspecify.annotations.NullMarked;
