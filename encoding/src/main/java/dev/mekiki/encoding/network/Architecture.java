package dev.mekiki.encoding.network;

import java.util.List;

/// The shape of a residual network for small pictures (He et al. 2016, section 4.2): a 3 x 3
/// convolution, stages of residual blocks, each stage after the first at half the resolution,
/// global average pooling, and a linear hash layer with tanh.
///
/// @param family how a block that changes the shape passes its input on: `resnet` by a 1 x 1
///   convolution, `resnet-padded` by averaging 2 x 2 pixels and adding channels of zeros, which has
///   no parameters (shortcuts B and A of the paper, section 4.1; averages where it drops pixels)
/// @param stemStride of the first convolution: 1 keeps the input's resolution, 2 halves it
/// @param blocksPerStage residual blocks of two convolutions in each stage; 4 stages of 1 make 10
///   layers
/// @param widths channels of each stage; the last is the length of the features
public record Architecture(
    String family, int stemStride, int blocksPerStage, List<Integer> widths) {
  public static final String RESNET = "resnet";
  public static final String RESNET_PADDED = "resnet-padded";

  public Architecture {
    widths = List.copyOf(widths);
    if (!family.equals(RESNET) && !family.equals(RESNET_PADDED)) {
      throw new IllegalArgumentException(
          "network family: '%s' (expected: %s or %s)".formatted(family, RESNET, RESNET_PADDED));
    }
    if (family.equals(RESNET_PADDED) && !widths.stream().sorted().toList().equals(widths)) {
      throw new IllegalArgumentException(
          "widths: %s (expected: ascending for %s)".formatted(widths, RESNET_PADDED));
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

  /// 10 layers of widths 16, 64, 128 and 256 with shortcuts that have no parameters: 1.2 million
  /// parameters. A narrow first stage, which at full resolution takes most of the time on a CPU,
  /// and no 1 x 1 convolutions.
  public static Architecture resnet10Wide() {
    return new Architecture(RESNET_PADDED, 1, 1, List.of(16, 64, 128, 256));
  }

  /// Length of the pooled features before the hash layer.
  public int features() {
    return widths.getLast();
  }
}
