/// The index instances as the query service sees them: who hosts which partition, learnt from their
/// `WatchRouting` streams, and calls to them that fall back to a standby. Depends on
/// `dev.mekiki.query.search`, whose {@link dev.mekiki.query.search.Partitions} it provides, on the
/// generated messages of `schemas` and on Armeria's client.
///
/// Start at {@link dev.mekiki.query.cluster.RoutingWatcher} and {@link
/// dev.mekiki.query.cluster.HedgedPartitions}.
@NullMarked
package dev.mekiki.query.cluster;

import org.jspecify.annotations.NullMarked;
