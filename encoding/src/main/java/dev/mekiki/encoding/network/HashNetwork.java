package dev.mekiki.encoding.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import java.util.List;

/// The network as a DJL block: a residual backbone, pooled features and a linear hash layer.
///
/// Input: (n, channels, size, size) floats as `preprocess` makes them; a view transposed from (n,
/// size, size, channels) runs fastest on a CPU. Output: the outputs of the hash layer before its
/// tanh, (n, bits), whose signs are the hash code; and the features, (n, last width), none
/// negative. While the backbone is trained as a classifier, a linear layer of as many outputs as
/// there are classes stands in the hash layer's place.
public final class HashNetwork extends AbstractBlock {
  private static final byte VERSION = 1;

  private final int outputs;
  private final int features;
  private final Block backbone;
  private final Block hashLayer;

  /// @param outputs of the last layer: bits of the hash code
  public HashNetwork(Architecture.Residual architecture, int outputs) {
    super(VERSION);
    this.outputs = outputs;
    this.features = architecture.features();
    this.backbone = addChildBlock("backbone", backbone(architecture));
    this.hashLayer = addChildBlock("hash", Linear.builder().setUnits(outputs).build());
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore parameters,
      NDList inputs,
      boolean training,
      PairList<String, Object> arguments) {
    NDList pooled = backbone.forward(parameters, inputs, training);
    NDList hash = hashLayer.forward(parameters, pooled, training);
    return new NDList(hash.singletonOrThrow(), pooled.singletonOrThrow());
  }

  @Override
  protected void initializeChildBlocks(NDManager manager, DataType dataType, Shape... inputShapes) {
    backbone.initialize(manager, dataType, inputShapes);
    hashLayer.initialize(manager, dataType, backbone.getOutputShapes(inputShapes));
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputShapes) {
    long n = inputShapes[0].get(0);
    return new Shape[] {new Shape(n, outputs), new Shape(n, features)};
  }

  private static SequentialBlock backbone(Architecture.Residual architecture) {
    List<Integer> widths = architecture.widths();
    SequentialBlock backbone =
        new SequentialBlock()
            .add(convolution(widths.getFirst(), 3, architecture.stemStride()))
            .add(normalisation())
            .add(Activation.reluBlock());
    int before = widths.getFirst();
    for (int stage = 0; stage < widths.size(); stage++) {
      int width = widths.get(stage);
      for (int i = 0; i < architecture.blocksPerStage(); i++) {
        int stride = stage > 0 && i == 0 ? 2 : 1;
        backbone.add(residual(width, stride, shortcut(architecture, before, width, stride)));
        before = width;
      }
    }
    return backbone.add(Pool.globalAvgPool2dBlock());
  }

  private static SequentialBlock residual(int width, int stride, Block shortcut) {
    SequentialBlock convolutions =
        new SequentialBlock()
            .add(convolution(width, 3, stride))
            .add(normalisation())
            .add(Activation.reluBlock())
            .add(convolution(width, 3, 1))
            .add(normalisation());
    return new SequentialBlock()
        .add(
            new ParallelBlock(
                branches ->
                    new NDList(
                        branches.get(0).singletonOrThrow().add(branches.get(1).singletonOrThrow())),
                List.of(convolutions, shortcut)))
        .add(Activation.reluBlock());
  }

  private static Block shortcut(
      Architecture.Residual architecture, int before, int width, int stride) {
    if (before == width && stride == 1) {
      return Blocks.identityBlock();
    }
    return architecture.family().equals(Architecture.Residual.RESNET_PADDED)
        ? new LambdaBlock(
            inputs -> new NDList(padded(inputs.singletonOrThrow(), width - before, stride)))
        : new SequentialBlock().add(convolution(width, 1, stride)).add(normalisation());
  }

  /// The input at the resolution that a convolution of this stride leaves, with channels of zeros
  /// after its own.
  private static NDArray padded(NDArray input, int zeroChannels, int stride) {
    NDArray pooled =
        stride == 1
            ? input
            : Pool.avgPool2d(
                input,
                new Shape(stride, stride),
                new Shape(stride, stride),
                new Shape(0, 0),
                true,
                false);
    if (zeroChannels == 0) {
      return pooled;
    }
    Shape shape = pooled.getShape();
    // Channels last in memory, as the convolutions have them: concatenating must not copy twice.
    NDArray zeros =
        pooled
            .getManager()
            .zeros(new Shape(shape.get(0), shape.get(2), shape.get(3), zeroChannels))
            .transpose(0, 3, 1, 2);
    return pooled.concat(zeros, 1);
  }

  private static Conv2d convolution(int width, int kernel, int stride) {
    return Conv2d.builder()
        .setFilters(width)
        .setKernelShape(new Shape(kernel, kernel))
        .optStride(new Shape(stride, stride))
        .optPadding(new Shape(kernel / 2, kernel / 2))
        .optBias(false)
        .build();
  }

  private static BatchNorm normalisation() {
    return BatchNorm.builder().build();
  }
}
