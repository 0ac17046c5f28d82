/// Generations: the registry that says which one is active, and what one says about routing.
/// Depends on `runtime.kafka`, `runtime.failure`, `hashing` and `schemas`.
///
/// Start at {@link dev.mekiki.runtime.generation.GenerationRegistry}; {@link
/// dev.mekiki.runtime.generation.GenerationGeometry} reads a generation's record into routing.
@NullMarked
package dev.mekiki.runtime.generation;

import org.jspecify.annotations.NullMarked;
