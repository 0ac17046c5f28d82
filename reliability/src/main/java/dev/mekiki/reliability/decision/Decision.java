package dev.mekiki.reliability.decision;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Something that somebody decided about two contents.
///
/// @param pair the key of its record on `verdicts`
/// @param dismissed whether the pair makes no events from then on; otherwise it does again
/// @param sent when it was sent, at the earliest
/// @param inForce when every index instance had read it; null where that is not known
public record Decision(String pair, boolean dismissed, Instant sent, @Nullable Instant inForce) {}
