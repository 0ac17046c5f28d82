/// The load of a run: a seeded schedule of operations, and the journal of what became of each.
/// Depends on nothing else of this module.
///
/// Start at {@link dev.mekiki.reliability.load.Schedule} and {@link
/// dev.mekiki.reliability.load.Load}.
@NullMarked
package dev.mekiki.reliability.load;

import org.jspecify.annotations.NullMarked;
