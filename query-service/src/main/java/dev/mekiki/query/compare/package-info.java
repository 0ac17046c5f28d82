/// Explains a pair of images: whether they match, why or why not, and what stands in the way of an
/// event. Pure: whoever calls has looked everything up. Depends on `hashing` and the generated
/// messages of `schemas`.
///
/// Start at {@link dev.mekiki.query.compare.PairExplanation}.
@NullMarked
package dev.mekiki.query.compare;

import org.jspecify.annotations.NullMarked;
