/// Hash centers that follow the similarity of classes: what is asked for, how far from it a set of
/// centers is, and the solvers that find one. Depends on `hashing.code` and `hashing.center`.
///
/// Start at {@link dev.mekiki.hashing.center.solve.CenterSolver}.
@NullMarked
package dev.mekiki.hashing.center.solve;

import org.jspecify.annotations.NullMarked;
