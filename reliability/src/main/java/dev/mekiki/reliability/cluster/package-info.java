/// The processes of a cluster: brokers from Kafka's own jars, and services as the `mekiki` command
/// runs them. They are started, killed and frozen as an operator or a machine would. Depends on
/// nothing else of this module.
///
/// Start at {@link dev.mekiki.reliability.cluster.Cluster}.
@NullMarked
package dev.mekiki.reliability.cluster;

import org.jspecify.annotations.NullMarked;
