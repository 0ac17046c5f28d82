package dev.mekiki.benchmarks.quality;

import dev.mekiki.centers.solve.CenterSolver;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The methods that the retrieval protocol compares.
public enum RetrievalMethod {
  /// Random centers at the minimum distance.
  RANDOM(CenterSolver.RANDOM),
  /// Central similarity quantization (Yuan et al., CVPR 2020): rows of a Hadamard matrix.
  CSQ(CenterSolver.HADAMARD),
  /// Minimal-distance-separated centers (Wang et al., CVPR 2023).
  MDS(CenterSolver.MDS),
  /// Semantic hash centers (arXiv 2507.08404) by the published solver.
  SHC_PUBLISHED(CenterSolver.PUBLISHED),
  /// Semantic hash centers by the annealed solver.
  SHC_ANNEALED(CenterSolver.ANNEALED),
  /// The same centers given to other classes by chance: their geometry without their meaning.
  SHC_PERMUTED(CenterSolver.ANNEALED),
  /// One loss for all (Hoe et al., NeurIPS 2021): the cosine between outputs before tanh and random
  /// codes, with a margin; no minimum distance, no quantisation term.
  ORTHOHASH(null),
  /// Center-reassigned hashing (arXiv 2511.12162): centers that change with the codes, see {@link
  /// ReassignedCenters}, by its own loss.
  CRH(null),
  /// The same centers by the loss of all methods with centers.
  CRH_CENTERS(null);

  private final @Nullable CenterSolver solver;

  RetrievalMethod(@Nullable CenterSolver solver) {
    this.solver = solver;
  }

  /// What finds its centers; null for a method without them, or that finds them in training.
  @Nullable CenterSolver solver() {
    return solver;
  }

  /// Whether its centers change while codes are learnt.
  boolean reassigns() {
    return this == CRH || this == CRH_CENTERS;
  }

  /// Whether its centers depend on which classes are similar before codes are learnt.
  boolean followsSimilarity() {
    return this == SHC_PUBLISHED || this == SHC_ANNEALED || this == SHC_PERMUTED;
  }

  /// The name in options and reports: that of the constant in lower case, with hyphens.
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
