package dev.mekiki.encoding.network;

import ai.djl.Device;
import ai.djl.engine.Engine;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The engine, started with the settings it reads only once, before its native library loads.
/// Settings given from outside as system properties win.
public final class PyTorch {
  private static final Logger log = LoggerFactory.getLogger(PyTorch.class);
  private static final Pattern DEVICE = Pattern.compile("auto|cpu|gpu:\\d{1,3}");

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

  /// The device of a name.
  ///
  /// @param name `auto` (the first GPU, else the CPU), `cpu` or `gpu:N`
  /// @throws IllegalArgumentException where it is none of these
  /// @throws IllegalStateException where that device is not there
  public static Device device(Engine engine, String name) {
    requireDeviceName(name);
    int gpus = engine.getGpuCount();
    if (name.equals("cpu")) {
      return Device.cpu();
    }
    if (name.equals("auto")) {
      log.info(
          gpus == 0
              ? "No GPU is seen: the network runs on the CPU device=auto"
              : "The network runs on the first GPU device=auto gpus={}",
          gpus);
      return gpus == 0 ? Device.cpu() : Device.gpu(0);
    }
    int number = Integer.parseInt(name.substring("gpu:".length()));
    if (number >= gpus) {
      throw new IllegalStateException(
          "device: %s (expected: %s)"
              .formatted(
                  name,
                  gpus == 0
                      ? "auto or cpu, for no GPU is seen; one needs its driver and PyTorch's CUDA libraries"
                      : "auto, cpu or gpu:0..gpu:" + (gpus - 1)));
    }
    return Device.gpu(number);
  }

  /// Checks a name for {@link #device}, without the engine.
  ///
  /// @throws IllegalArgumentException where it is none of its words
  public static void requireDeviceName(String name) {
    if (!DEVICE.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "device: '%s' (expected: auto, cpu or gpu:N)".formatted(name));
    }
  }
}
