package dev.mekiki.training.network;

import dev.mekiki.training.data.LabelledImages;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Runs pictures through networks of one kind, and names what a bundle holds beside their weights.
public interface Inference {
  /// Runs pictures through a network, in batches and in their order.
  ///
  /// @param images the training images or the test images
  void outputs(TrainedNetwork network, LabelledImages images, NetworkOutputs.Receiver receiver);

  /// The backbone that the networks stand on; null where there is none.
  @Nullable BackboneFile backbone();

  /// Settings of this kind of network alone, by name, for the manifest.
  Map<String, String> settings();

  /// A TorchScript, as a bundle holds it.
  ///
  /// @param name of the user's file, without its directory
  /// @param sha256 hexadecimal
  /// @param bytes of the file; not copied
  @SuppressWarnings("ArrayRecordComponent") // megabytes that pass through, never compared
  record BackboneFile(String name, String sha256, byte[] bytes) {}
}
