package dev.mekiki.encoding.network;

import ai.djl.engine.Engine;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.NoBatchifyTranslator;
import ai.djl.translate.TranslateException;
import ai.djl.translate.TranslatorContext;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/// A loaded network on its device, run by a fixed number of platform threads. Thread-safe.
///
/// The threads are its own and stay: the engine keeps buffers for each thread that calls it.
/// Batches are padded to one of a few sizes, because the engine prepares its kernels anew for every
/// size.
public final class NetworkPredictor implements AutoCloseable {
  /// Batch sizes that the network ever sees, ascending.
  public static final List<Integer> BATCH_SIZES = List.of(1, 8, 32);

  private final int channels;
  private final int size;
  private final int bits;
  private final int features;
  // The blocks do not keep their models' handles alive: this field does.
  private final LoadedNetwork network;
  private final BlockingQueue<Predictor<float[], Outputs>> predictors;
  private final ExecutorService threads;

  /// Loads a network and runs it once at every batch size.
  ///
  /// @param device `auto`, `cpu` or `gpu:N`
  /// @param predictorCount threads
  /// @throws IllegalArgumentException where the network's parts do not fit together
  /// @throws IllegalStateException where the device is not there
  public static NetworkPredictor load(StoredNetwork stored, String device, int predictorCount) {
    Engine engine = PyTorch.start(1);
    LoadedNetwork network = LoadedNetwork.of(stored, PyTorch.device(engine, device));
    try {
      NetworkPredictor predictor = new NetworkPredictor(network, stored, predictorCount);
      predictor.warmUp(predictorCount);
      return predictor;
    } catch (RuntimeException e) {
      network.close();
      throw e;
    }
  }

  private NetworkPredictor(LoadedNetwork network, StoredNetwork stored, int predictorCount) {
    this.network = network;
    this.features = stored.architecture().features();
    this.bits = stored.outputs();
    this.channels = stored.channels();
    this.size = stored.size();
    this.predictors = new ArrayBlockingQueue<>(predictorCount);
    for (int i = 0; i < predictorCount; i++) {
      predictors.add(network.model().newPredictor(new InputTranslator()));
    }
    AtomicInteger number = new AtomicInteger();
    this.threads =
        Executors.newFixedThreadPool(
            predictorCount,
            task ->
                Thread.ofPlatform()
                    .name("mekiki-predictor-" + number.incrementAndGet())
                    .daemon()
                    .unstarted(task));
  }

  /// The network's outputs for all inputs, in their order.
  ///
  /// @param inputs any number, each channels-last as `preprocess` makes them
  public Outputs predict(List<float[]> inputs) {
    List<Future<Outputs>> parts = new ArrayList<>();
    for (int from = 0; from < inputs.size(); from += BATCH_SIZES.getLast()) {
      List<float[]> part =
          inputs.subList(from, Math.min(inputs.size(), from + BATCH_SIZES.getLast()));
      parts.add(threads.submit(() -> predictPart(part)));
    }
    Outputs all = new Outputs(new float[inputs.size() * bits], new float[inputs.size() * features]);
    int row = 0;
    for (Future<Outputs> part : parts) {
      Outputs outputs = await(part);
      // The last part may be padded: its rows past the inputs are dropped.
      int rows = Math.min(BATCH_SIZES.getLast(), inputs.size() - row);
      System.arraycopy(outputs.hash(), 0, all.hash(), row * bits, rows * bits);
      System.arraycopy(outputs.features(), 0, all.features(), row * features, rows * features);
      row += rows;
    }
    return all;
  }

  /// Outputs of at most the largest batch, followed by those of the padding.
  private Outputs predictPart(List<float[]> inputs)
      throws InterruptedException, TranslateException {
    int length = channels * size * size;
    int padded =
        BATCH_SIZES.stream().filter(batch -> batch >= inputs.size()).findFirst().orElseThrow();
    float[] batch = new float[padded * length];
    for (int i = 0; i < inputs.size(); i++) {
      System.arraycopy(inputs.get(i), 0, batch, i * length, length);
    }
    // There are as many predictors as threads: this never waits.
    Predictor<float[], Outputs> predictor = predictors.take();
    try {
      return predictor.predict(batch);
    } finally {
      predictors.add(predictor);
    }
  }

  private void warmUp(int predictorCount) {
    for (int batch : BATCH_SIZES) {
      List<Callable<Outputs>> tasks = new ArrayList<>();
      for (int i = 0; i < predictorCount; i++) {
        tasks.add(() -> {
          List<float[]> inputs = new ArrayList<>();
          for (int image = 0; image < batch; image++) {
            inputs.add(new float[channels * size * size]);
          }
          return predictPart(inputs);
        });
      }
      for (Callable<Outputs> task : tasks) {
        await(threads.submit(task));
      }
    }
  }

  private static <T> T await(Future<T> future) {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (CancellationException)
          new CancellationException("interrupted while the network ran").initCause(e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("network failed: " + e.getCause(), e.getCause());
    }
  }

  /// Waits for running batches, then releases threads and network.
  @Override
  public void close() {
    threads.close();
    predictors.forEach(Predictor::close);
    network.close();
  }

  /// What the network says of a list of inputs, row by row.
  ///
  /// @param hash outputs of the hash layer before its tanh, as many as bits for each input
  /// @param features before the last layers, as many as the architecture says for each input
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record Outputs(float[] hash, float[] features) {}

  /// Belongs to one predictor, which one thread uses at a time.
  private final class InputTranslator implements NoBatchifyTranslator<float[], Outputs> {
    /// Native memory that the input array is a view of; outputs are copied out before the next
    /// batch is written. A fresh buffer for each batch would wait for the collector, and the
    /// process grow.
    private final ByteBuffer memory =
        ByteBuffer.allocateDirect(BATCH_SIZES.getLast() * channels * size * size * Float.BYTES)
            .order(ByteOrder.nativeOrder());

    @Override
    public NDList processInput(TranslatorContext context, float[] batch) {
      memory.clear().limit(batch.length * Float.BYTES);
      memory.asFloatBuffer().put(batch);
      long n = batch.length / ((long) channels * size * size);
      NDArray images =
          context
              .getNDManager()
              .create(memory, new Shape(n, size, size, channels), DataType.FLOAT32);
      return new NDList(images.transpose(0, 3, 1, 2));
    }

    @Override
    public Outputs processOutput(TranslatorContext context, NDList outputs) {
      return new Outputs(outputs.get(0).toFloatArray(), outputs.get(1).toFloatArray());
    }
  }
}
