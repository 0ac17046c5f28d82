/// What every service needs once. Depends on `schemas` and `hashing`; services and the launcher
/// depend on it.
///
/// Start at {@link dev.mekiki.runtime.config.Configuration}, then {@link
/// dev.mekiki.runtime.kafka.KafkaClients} and {@link dev.mekiki.runtime.server.ServiceServer}. Who
/// owns a failure is in {@link dev.mekiki.runtime.failure.FailureOwner}.
@NullMarked
package dev.mekiki.runtime;

import org.jspecify.annotations.NullMarked;
