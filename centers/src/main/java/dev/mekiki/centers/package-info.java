/// How hash centers are found: the minimum distance that they can keep, random ones at that
/// distance, and how codes spread over them. Depends on `hashing`; services need none of it.
///
/// Start at {@link dev.mekiki.centers.solve.CenterSolver} for centers that follow the similarity of
/// classes, at {@link dev.mekiki.centers.fit.CenterFit} for centers that follow codes.
@NullMarked
package dev.mekiki.centers;

import org.jspecify.annotations.NullMarked;
