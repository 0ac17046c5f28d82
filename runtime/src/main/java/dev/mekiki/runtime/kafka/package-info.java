/// Kafka clients with the settings that the guarantees rest on, the check that a broker is there,
/// the topics' provisioning, and the registry of generations. Depends on `runtime.config` and
/// `schemas`.
///
/// Start at {@link dev.mekiki.runtime.kafka.KafkaClients}.
@NullMarked
package dev.mekiki.runtime.kafka;

import org.jspecify.annotations.NullMarked;
