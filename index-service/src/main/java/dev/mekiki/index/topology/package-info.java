/// The Kafka Streams topology: two to four sub-topologies and the topics between them. Depends on
/// `index.placement`, `index.partition`, `index.copies`, `index.groups`, `index.expiry`,
/// `index.record` and `index.streamsinternals`.
///
/// Start at {@link dev.mekiki.index.topology.IndexTopology}.
@NullMarked
package dev.mekiki.index.topology;

import org.jspecify.annotations.NullMarked;
