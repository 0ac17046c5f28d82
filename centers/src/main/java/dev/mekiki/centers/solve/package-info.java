/// Hash centers that follow the similarity of classes: the problem, how far from its optimum a set
/// of centers is, and the solvers that find one. Depends on `hashing` and `centers`.
///
/// Start at {@link dev.mekiki.centers.solve.CenterSolver}.
@NullMarked
package dev.mekiki.centers.solve;

import org.jspecify.annotations.NullMarked;
