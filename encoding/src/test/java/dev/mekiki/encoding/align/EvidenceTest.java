package dev.mekiki.encoding.align;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.hashing.landmark.AffineMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EvidenceTest {
  /// Each line that is no copy falls short in one figure of a line above it that is one.
  @ParameterizedTest
  @CsvSource({
    // Enough blocks.
    "12, 0.68, 0.22, 0.60, 0.28, true",
    "11, 0.68, 0.22, 0.60, 0.28, false",
    "12, 0.54, 0.22, 0.80, 0.28, false",
    "12, 0.68, 0.21, 0.60, 0.28, false",
    "12, 0.60, 0.22, 0.60, 0.28, false",
    "12, 0.68, 0.22, 0.60, 0.29, false",
    // Nearly all agrees.
    "12, 0.90, 0.22, 0.90, 0.45, true",
    "12, 0.90, 0.22, 0.90, 0.46, false",
    "12, 0.89, 0.22, 0.90, 0.45, false",
    "12, 0.90, 0.22, 0.89, 0.45, false",
    // Very many blocks.
    "30, 0.78, 0.22, 0.68, 0.35, true",
    "29, 0.78, 0.22, 0.68, 0.35, false",
    "30, 0.77, 0.22, 0.68, 0.35, false",
    "30, 0.78, 0.22, 0.67, 0.35, false",
    "30, 0.78, 0.22, 0.68, 0.36, false",
    "30, 0.86, 0.22, 0.80, 0.40, true",
    "29, 0.86, 0.22, 0.80, 0.40, false",
    "30, 0.85, 0.22, 0.80, 0.40, false",
    "30, 0.86, 0.22, 0.79, 0.40, false",
    "30, 0.86, 0.22, 0.80, 0.41, false",
    // Few blocks.
    "5, 0.70, 0.24, 0.80, 0.25, true",
    "4, 0.70, 0.24, 0.80, 0.25, false",
    "5, 0.69, 0.24, 0.80, 0.25, false",
    "5, 0.70, 0.23, 0.80, 0.25, false",
    "5, 0.70, 0.24, 0.79, 0.25, false",
    "5, 0.70, 0.24, 0.80, 0.26, false",
    "5, 0.70, 0.24, 0.66, 0.16, true",
    "5, 0.70, 0.24, 0.65, 0.16, false",
    "5, 0.70, 0.24, 0.66, 0.17, false",
    "5, 0.80, 0.24, 0.97, 0.35, true",
    "5, 0.79, 0.24, 0.97, 0.35, false",
    "5, 0.80, 0.24, 0.96, 0.35, false",
    "5, 0.80, 0.24, 0.97, 0.36, false",
    // Hardly any texture.
    "3, 0, 0.18, 0.90, 0.05, true",
    "2, 0, 0.18, 0.90, 0.05, false",
    "3, 0, 0.17, 0.90, 0.05, false",
    "3, 0, 0.18, 0.89, 0.05, false",
    "3, 0, 0.18, 0.90, 0.06, false",
    // Pixels alone.
    "0, 0, 0.40, 0.80, 0.15, true",
    "0, 0, 0.39, 0.80, 0.15, false",
    "0, 0, 0.24, 0.90, 0.20, true",
    "0, 0, 0.23, 0.90, 0.20, false",
    "0, 0, 0.24, 0.89, 0.20, false",
    "0, 0, 0.24, 0.90, 0.21, false",
    "0, 0, 0.50, 0.80, 0.30, true",
    "0, 0, 0.49, 0.80, 0.30, false",
    "0, 0, 0.50, 0.79, 0.30, false",
    "0, 0, 0.50, 0.80, 0.31, false",
    "0, 0, 0.40, 0.79, 0.15, false",
    "0, 0, 0.40, 0.80, 0.16, false",
    // Covered.
    "12, 0.50, 0.20, 0.60, 0.25, true",
    "11, 0.50, 0.20, 0.60, 0.25, false",
    "12, 0.50, 0.19, 0.60, 0.25, false",
    "12, 0.47, 0.20, 0.80, 0.25, false",
    "12, 0.54, 0.20, 0.59, 0.25, false",
    "12, 0.49, 0.20, 0.60, 0.25, false",
    "12, 0.50, 0.20, 0.60, 0.26, false",
    "10, 0.50, 0.20, 0.70, 0.25, true",
    "9, 0.50, 0.20, 0.70, 0.25, false",
    "10, 0.50, 0.20, 0.69, 0.25, false"
  })
  void copyNeedsOneOfSixProofs(
      int inliers,
      double inlierShare,
      double agreeingArea,
      double agreement,
      double badShare,
      boolean isCopy) {
    Evidence evidence =
        new Evidence(
            AffineMap.IDENTITY, inliers, inlierShare, agreeingArea, agreement, badShare, 1, 0.9);

    assertThat(evidence.isCopy()).isEqualTo(isCopy);
  }

  @ParameterizedTest
  @CsvSource({"0.66, 0.66, 0.1, true", "0.67, 0.5, 0.1, false", "0.9, 0.9, 0.29, true"})
  void partsOfBothAndOtherColoursAreDoubtful(
      double first, double second, double badShare, boolean isDoubtful) {
    Evidence evidence = new Evidence(AffineMap.IDENTITY, 40, 1, 0.5, 1, badShare, first, second);

    assertThat(evidence.isDoubtful()).isEqualTo(isDoubtful);
    assertThat(evidence.withoutAgreement().isCopy()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"12, 0.08, true", "11, 0.08, false", "12, 0.07, false"})
  void elementNeedsBlocksAndArea(int inliers, double agreeingArea, boolean isElement) {
    Evidence evidence =
        new Evidence(AffineMap.IDENTITY, inliers, 0.3, agreeingArea, 0.3, 0.5, 1, 1);

    assertThat(evidence.sharesElement()).isEqualTo(isElement);
  }
}
