package dev.mekiki.training.losses;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;

/// The loss of {@link dev.mekiki.training.adaptation.Adaptation}. For outputs z, u = tanh(z), it is the sum of
///
///     bits            BCE((u + 1) / 2, b) of the plain pictures, and of their edited copies, b
///                     being the bits of the picture's code before; mean over bits and pictures
///     quantisation    (|u| - 1)^2, mean over bits and the plain pictures
///     keeping         BCE((u + 1) / 2, (u0 + 1) / 2) of the kept pictures, u0 being their outputs
///                     before; mean over bits and pictures
///
/// the last two by their weights. That every picture has a code of its own to go to, the one it had,
/// keeps codes of different pictures apart: a loss that only asks copies to agree is least where all
/// pictures have one code.
public final class AdaptationLoss {
  private final float quantisation;
  private final float keeping;

  /// @param quantisation weight of the quantisation, 0 or more
  /// @param keeping weight of keeping, 0 or more
  public AdaptationLoss(float quantisation, float keeping) {
    this.quantisation = quantisation;
    this.keeping = keeping;
  }

  /// The loss of one batch.
  ///
  /// @param outputs (2 pictures + kept, bits) before tanh: plain pictures, their edited copies in
  ///   the same order, kept pictures
  /// @param bits (pictures, bits), 0 or 1
  /// @param keptBits (kept, bits), 0 to 1; may have no rows
  /// @return a scalar
  public NDArray evaluate(NDArray outputs, NDArray bits, NDArray keptBits) {
    long pictures = bits.getShape().get(0);
    long kept = keptBits.getShape().get(0);
    NDArray plain = outputs.get(new NDIndex("0:{}", pictures));
    NDArray edited = outputs.get(new NDIndex("{}:{}", pictures, 2 * pictures));
    NDArray loss =
        CrossEntropy.ofBits(plain, bits)
            .add(CrossEntropy.ofBits(edited, bits))
            .add(plain.tanh().abs().sub(1).square().mean().mul(quantisation));
    if (kept > 0) {
      NDArray still = outputs.get(new NDIndex("{}:", 2 * pictures));
      loss = loss.add(CrossEntropy.ofBits(still, keptBits).mul(keeping));
    }
    return loss;
  }
}
