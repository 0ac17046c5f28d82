package dev.mekiki.encoding.network;

import ai.djl.engine.Engine;
import java.util.List;
import java.util.Map;

/// The engine, started with the settings it reads only once, before its native library loads.
/// Settings given from outside as system properties win.
public final class PyTorch {
  private PyTorch() {}

  /// The PyTorch engine; started on the first call, whose thread count holds for the whole process.
  ///
  /// @param threadsPerOperation CPU threads that share one operation: 1 for predictors (they run
  ///   beside each other), the number of cores for training
  public static synchronized Engine start(int threadsPerOperation) {
    List<Map.Entry<String, String>> settings =
        List.of(
            Map.entry("ai.djl.offline", "true"),
            Map.entry("ai.djl.pytorch.num_threads", Integer.toString(threadsPerOperation)),
            Map.entry("ai.djl.pytorch.num_interop_threads", "1"),
            Map.entry("ai.djl.pytorch.graph_optimizer", "false"));
    for (Map.Entry<String, String> setting : settings) {
      if (System.getProperty(setting.getKey()) == null) {
        System.setProperty(setting.getKey(), setting.getValue());
      }
    }
    return Engine.getEngine("PyTorch");
  }
}
