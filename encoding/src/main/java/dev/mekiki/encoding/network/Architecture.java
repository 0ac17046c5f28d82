package dev.mekiki.encoding.network;

import java.util.List;

/// The shape of a residual network for small pictures (He et al. 2016, section 4.2): a 3 x 3
/// convolution, stages of residual blocks, each stage after the first at half the resolution,
/// global average pooling, and a linear hash layer with tanh.
///
/// @param family `resnet`, the only one known
/// @param stemStride of the first convolution: 1 keeps the input's resolution, 2 halves it
/// @param blocksPerStage residual blocks of two convolutions in each stage; 4 stages of 1 make 10
///   layers
/// @param widths channels of each stage; the last is the length of the features
public record Architecture(
    String family, int stemStride, int blocksPerStage, List<Integer> widths) {
  public static final String RESNET = "resnet";

  public Architecture {
    widths = List.copyOf(widths);
    if (!family.equals(RESNET)) {
      throw new IllegalArgumentException(
          "network family: '%s' (expected: %s)".formatted(family, RESNET));
    }
    if (stemStride < 1 || stemStride > 2) {
      throw new IllegalArgumentException(
          "stem stride: %d (expected: 1 or 2)".formatted(stemStride));
    }
    if (blocksPerStage < 1 || blocksPerStage > 32) {
      throw new IllegalArgumentException(
          "blocks per stage: %d (expected: 1..32)".formatted(blocksPerStage));
    }
    if (widths.isEmpty()
        || widths.size() > 5
        || widths.stream().anyMatch(width -> width < 1 || width > 2048)) {
      throw new IllegalArgumentException(
          "widths: " + widths + " (expected: 1 to 5 stages of 1..2048 channels)");
    }
  }

  /// 10 layers: four stages of one block, of widths 16, 32, 64 and 128; 0.3 million parameters. As
  /// many as the paper's ResNet-20 at half its cost on a CPU, which goes into the first stage.
  public static Architecture resnet10() {
    return new Architecture(RESNET, 1, 1, List.of(16, 32, 64, 128));
  }

  /// Length of the pooled features before the hash layer.
  public int features() {
    return widths.getLast();
  }
}
