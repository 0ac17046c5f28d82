/// The similarity of classes from what is known of them: a hierarchy, attributes, vectors of their
/// names. All give it on the scale of {@link dev.mekiki.centers.similarity.RelativeSimilarity},
/// that of a classifier's mistakes, so that they can be mixed. Depends on `centers.solve`.
///
/// Start at {@link dev.mekiki.centers.similarity.HierarchySimilarity}.
@NullMarked
package dev.mekiki.centers.similarity;

import org.jspecify.annotations.NullMarked;
