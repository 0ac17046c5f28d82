/// The generation as the topology uses it: routing, radius and ids, read once from its record.
/// Depends on `hashing` and the generated records.
///
/// Start at {@link dev.mekiki.index.geometry.Geometry}.
@NullMarked
package dev.mekiki.index.geometry;

import org.jspecify.annotations.NullMarked;
