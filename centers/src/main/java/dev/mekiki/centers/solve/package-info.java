/// Hash centers that follow the similarity of classes: what is asked for, how far from it a set of
/// centers is, and the solvers that find one. Depends on `hashing` and `centers`.
///
/// Start at {@link dev.mekiki.centers.solve.CenterSolver}.
@NullMarked
package dev.mekiki.centers.solve;

import org.jspecify.annotations.NullMarked;
