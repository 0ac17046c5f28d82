package dev.mekiki.index.probe;

/// Probes on their way to a partition: one record.
///
/// @param value a serialized {@link dev.mekiki.schemas.v1.Probes} or {@link
///   dev.mekiki.schemas.v1.LandmarkProbes}; not copied
/// @param partition the one asked
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record OutgoingProbes(byte[] value, int partition) {}
