/// A whole cluster under seeded load and faults, judged by what its topics hold. Depends on every
/// package below it.
///
/// Start at {@link dev.mekiki.reliability.FaultRun}.
@NullMarked
package dev.mekiki.reliability;

import org.jspecify.annotations.NullMarked;
