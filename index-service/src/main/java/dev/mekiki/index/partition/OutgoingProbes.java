package dev.mekiki.index.partition;

/// Probes on their way to a partition: one record.
///
/// @param value a serialized {@link dev.mekiki.schemas.v1.Probes}; not copied
/// @param partition the one asked
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record OutgoingProbes(byte[] value, int partition) {}
