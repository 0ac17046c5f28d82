/// A real Kafka broker inside this process: one node that is KRaft controller and broker at once,
/// with its data in one directory. It is what `mekiki up` runs on where no other Kafka is named,
/// and what the services' tests run on. Depends on Kafka alone.
///
/// Start at {@link dev.mekiki.broker.EmbeddedBroker}.
@NullMarked
package dev.mekiki.broker;

import org.jspecify.annotations.NullMarked;
