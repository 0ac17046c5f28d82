/// A real Kafka broker inside this process: one node that is KRaft controller and broker at once,
/// with its data in one directory. `mekiki up` starts it where no other Kafka is named, and the
/// services' tests use it. Depends on Kafka and `files`.
///
/// Start at {@link dev.mekiki.broker.EmbeddedBroker}.
@NullMarked
package dev.mekiki.broker;

import org.jspecify.annotations.NullMarked;
