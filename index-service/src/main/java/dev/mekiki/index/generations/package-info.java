/// The indexes of generations as seen from outside: how far they have come, and what goes with one
/// that is retired. Depends on `index.topology` for names.
///
/// Start at {@link dev.mekiki.index.generations.GenerationIndexes}.
@NullMarked
package dev.mekiki.index.generations;

import org.jspecify.annotations.NullMarked;
