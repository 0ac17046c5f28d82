package dev.mekiki.reliability.memory;

import java.time.Instant;
import java.util.Map;

/// The memory of one process at one moment.
///
/// @param process its name; decoding processes of an encoder are one
/// @param bytes by what they are for; without what the process does not say
public record Sample(Instant time, String process, Map<Part, Long> bytes) {
  public Sample {
    bytes = Map.copyOf(bytes);
  }
}
