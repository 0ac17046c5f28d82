/// The faults of a run: a seeded schedule, how each is brought about, and what in the logs shows
/// that it has happened. Depends on `cluster` and `topics`.
///
/// Start at {@link dev.mekiki.reliability.fault.FaultSchedule} and {@link
/// dev.mekiki.reliability.fault.Faults}.
@NullMarked
package dev.mekiki.reliability.fault;

import org.jspecify.annotations.NullMarked;
