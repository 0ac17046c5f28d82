package dev.mekiki.encoding.network;

import java.util.List;

/// The shape of a network. A bundle's manifest holds it, and it is part of the network's id.
public sealed interface Architecture {
  /// Name of the kind of network, by which the manifest distinguishes them.
  String family();

  /// Length of the features before the last layers, from which instance codes come.
  int features();

  /// The shape of a residual network for small pictures (He et al. 2016, section 4.2): a 3 x 3
  /// convolution, stages of residual blocks, each stage after the first at half the resolution,
  /// global average pooling, and a linear hash layer with tanh.
  ///
  /// @param family how a block that changes the shape passes its input on: `resnet` by a 1 x 1
  ///   convolution, `resnet-padded` by averaging 2 x 2 pixels and adding channels of zeros, which
  ///   has no parameters (shortcuts B and A of the paper, section 4.1; averages where it drops
  ///   pixels)
  /// @param stemStride of the first convolution: 1 keeps the input's resolution, 2 halves it
  /// @param blocksPerStage residual blocks of two convolutions in each stage; 4 stages of 1 make 10
  ///   layers
  /// @param widths channels of each stage; the last is the length of the features
  record Residual(String family, int stemStride, int blocksPerStage, List<Integer> widths)
      implements Architecture {
    public static final String RESNET = "resnet";
    public static final String RESNET_PADDED = "resnet-padded";

    public Residual {
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

    /// 10 layers: four stages of one block, of widths 16, 32, 64 and 128; 0.3 million parameters.
    /// As many as the paper's ResNet-20 at half its cost on a CPU, which goes into the first stage.
    public static Residual resnet10() {
      return new Residual(RESNET, 1, 1, List.of(16, 32, 64, 128));
    }

    /// 10 layers of widths 16, 64, 128 and 256 with shortcuts that have no parameters: 1.2 million
    /// parameters. A narrow first stage, which at full resolution takes most of the time on a CPU,
    /// and no 1 x 1 convolutions.
    public static Residual resnet10Wide() {
      return new Residual(RESNET_PADDED, 1, 1, List.of(16, 64, 128, 256));
    }

    @Override
    public int features() {
      return widths.getLast();
    }

    /// As when there was no other architecture: checkpoints name their run by it.
    @Override
    public String toString() {
      return "Architecture[family=%s, stemStride=%d, blocksPerStage=%d, widths=%s]"
          .formatted(family, stemStride, blocksPerStage, widths);
    }
  }

  /// A network of the user's own, as TorchScript, whose features go through layers trained on them:
  /// normalisation, a linear layer of rectified units, and a linear hash layer with tanh.
  ///
  /// @param family {@link #TORCHSCRIPT}
  /// @param features length of a row of what the TorchScript gives
  /// @param hidden rectified units of the layer before the last
  record TorchScript(String family, int features, int hidden) implements Architecture {
    public static final String TORCHSCRIPT = "torchscript";

    /// Largest length of features and of the hidden layer.
    private static final int MOST = 1 << 16;

    public TorchScript {
      if (!family.equals(TORCHSCRIPT)) {
        throw new IllegalArgumentException(
            "network family: '%s' (expected: %s)".formatted(family, TORCHSCRIPT));
      }
      if (features < 1 || features > MOST || hidden < 1 || hidden > MOST) {
        throw new IllegalArgumentException(
            "features and hidden units: %d and %d (expected: 1..%d)"
                .formatted(features, hidden, MOST));
      }
    }

    public TorchScript(int features, int hidden) {
      this(TORCHSCRIPT, features, hidden);
    }
  }
}
