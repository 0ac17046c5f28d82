package dev.mekiki.index.partition;

import org.apache.kafka.common.serialization.Serializer;

/// Writes a {@link dev.mekiki.schemas.v1.Probes}.
public final class OutgoingProbesSerializer implements Serializer<OutgoingProbes> {
  @Override
  public byte[] serialize(String topic, OutgoingProbes probes) {
    return probes.value();
  }
}
