package dev.mekiki.index.probe;

import org.apache.kafka.common.serialization.Serializer;

/// Writes {@link OutgoingProbes}.
public final class OutgoingProbesSerializer implements Serializer<OutgoingProbes> {
  @Override
  public byte[] serialize(String topic, OutgoingProbes probes) {
    return probes.value();
  }
}
