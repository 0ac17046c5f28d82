/// What every service needs once. Depends on `schemas`; services and the launcher depend on it.
///
/// Start at {@link dev.mekiki.runtime.config.Configuration}, then {@link
/// dev.mekiki.runtime.kafka.KafkaClients} and {@link dev.mekiki.runtime.server.ServiceServer}.
@NullMarked
package dev.mekiki.runtime;

import org.jspecify.annotations.NullMarked;
