package dev.mekiki.encoding.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;

/// A backbone followed by the layers that were trained on its features, as one DJL block for
/// inference.
///
/// Input and output are those of {@link HashNetwork}; its parameters are those of the layers alone,
/// for the backbone brings its own.
final class BackboneNetwork extends AbstractBlock {
  private static final byte VERSION = 1;

  private final Backbone backbone;
  private final int features;
  private final int outputs;
  private final Block layers;

  /// @param backbone not closed by this block
  BackboneNetwork(Backbone backbone, Architecture.TorchScript architecture, int outputs) {
    super(VERSION);
    this.backbone = backbone;
    this.features = architecture.features();
    this.outputs = outputs;
    this.layers = addChildBlock("head", FeatureLayers.of(architecture.hidden(), outputs, 0));
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore parameters,
      NDList inputs,
      boolean training,
      PairList<String, Object> arguments) {
    NDArray rows = backbone.features(inputs.singletonOrThrow());
    NDList hash = layers.forward(parameters, new NDList(rows), training);
    return new NDList(hash.singletonOrThrow(), rows);
  }

  @Override
  protected void initializeChildBlocks(NDManager manager, DataType dataType, Shape... inputShapes) {
    layers.initialize(manager, dataType, new Shape(inputShapes[0].get(0), features));
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputShapes) {
    long n = inputShapes[0].get(0);
    return new Shape[] {new Shape(n, outputs), new Shape(n, features)};
  }
}
