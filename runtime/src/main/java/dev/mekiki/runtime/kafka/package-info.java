/// Kafka clients with the settings that the guarantees depend on, the check that a broker is there,
/// the watch for outages, and the provisioning of topics. Depends on `runtime.config`,
/// `runtime.failure`, `runtime.lifecycle`, `runtime.logging` and `schemas`.
///
/// Start at {@link dev.mekiki.runtime.kafka.KafkaClients}.
@NullMarked
package dev.mekiki.runtime.kafka;

import org.jspecify.annotations.NullMarked;
