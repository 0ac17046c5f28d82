package dev.mekiki.index.partition;

import org.apache.kafka.common.serialization.Serializer;

/// Writes a {@link dev.mekiki.schemas.v1.Probe}.
public final class OutgoingProbeSerializer implements Serializer<OutgoingProbe> {
  @Override
  public byte[] serialize(String topic, OutgoingProbe probe) {
    return probe.bytes();
  }
}
