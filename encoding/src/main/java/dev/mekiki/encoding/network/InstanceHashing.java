package dev.mekiki.encoding.network;

import dev.mekiki.hashing.code.HashCode;
import java.util.List;
import java.util.Random;

/// How instance codes come of the features before the hash layer: bit i says on which side of
/// hyperplane i the features lie, so that the Hamming distance of two codes grows with the angle
/// between their features (Charikar 2002). The hyperplanes are Gaussian, drawn from the seed by the
/// documented algorithm of {@link Random}, and pass through the mean of the training features:
/// those of a residual network are never negative, those of others often far to one side, and seen
/// from the origin all of them look alike.
///
/// @param bits number of hyperplanes
/// @param seed of the hyperplanes
/// @param featureMean the point they pass through, one value for each feature
public record InstanceHashing(int bits, long seed, List<Float> featureMean) {
  public InstanceHashing {
    featureMean = List.copyOf(featureMean);
    if (bits < HashCode.MIN_BITS || bits > HashCode.MAX_BITS || bits % 8 != 0) {
      throw new IllegalArgumentException(
          "instance bits: %d (expected: a multiple of 8, %d..%d)"
              .formatted(bits, HashCode.MIN_BITS, HashCode.MAX_BITS));
    }
    if (featureMean.isEmpty()) {
      throw new IllegalArgumentException("feature mean: none (expected: one for each feature)");
    }
  }

  /// The hyperplanes' normals, `bits` rows of as many floats as there are features, row-major.
  public float[] normals() {
    Random random = new Random(seed);
    float[] normals = new float[bits * featureMean.size()];
    for (int i = 0; i < normals.length; i++) {
      normals[i] = (float) random.nextGaussian();
    }
    return normals;
  }

  /// The code of one feature vector.
  ///
  /// @param normals of {@link #normals}, drawn once by the caller
  /// @param features as many as {@link #featureMean}
  public HashCode code(float[] normals, float... features) {
    float[] sides = new float[bits];
    for (int bit = 0; bit < bits; bit++) {
      float side = 0;
      for (int i = 0; i < features.length; i++) {
        side += normals[bit * features.length + i] * (features[i] - featureMean.get(i));
      }
      sides[bit] = side;
    }
    return HashCode.fromOutputs(sides);
  }
}
