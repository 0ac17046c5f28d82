package dev.mekiki.training.loop;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import dev.mekiki.encoding.network.Weights;
import dev.mekiki.training.checkpoints.Checkpoint;
import dev.mekiki.training.checkpoints.Checkpoints;
import dev.mekiki.training.loop.TrainingListener.Progress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;

/// Trains the block of a model through the epochs of one stage, with a checkpoint after each.
///
/// The engine allows one gradient at a time in a process: no two loops beside each other.
public final class TrainingLoop {
  private final Model model;
  private final Objective objective;
  private final Schedule schedule;
  private final long seed;

  public TrainingLoop(Model model, Objective objective, Schedule schedule, long seed) {
    this.model = model;
    this.objective = objective;
    this.schedule = schedule;
    this.seed = seed;
  }

  /// What a stage learns, and from what.
  public interface Objective {
    /// Name of the stage, for people.
    String stage();

    /// Settings and data in words: equal words, equal training.
    String run();

    /// Shape of the network's input for one picture.
    Shape inputShape();

    int stepsPerEpoch();

    /// Called before the first step of each epoch.
    ///
    /// @param epoch from 1
    void beginEpoch(int epoch);

    /// Share of the schedule's rate at which a parameter learns.
    default float rateShare(Parameter parameter) {
      return 1;
    }

    /// Whether layers that normalise do it by each batch and follow its statistics, as at first; or
    /// by what they know, as in serving, which keeps pictures of other kinds than a batch's as they
    /// were.
    default boolean normalisesByBatch() {
      return true;
    }

    /// The network's input for the next step.
    NDArray inputs(NDManager manager);

    /// The loss of the same step, a scalar.
    ///
    /// @param outputs of the network for {@link #inputs}
    NDArray loss(NDList outputs, NDManager manager);
  }

  /// Gives the block its first weights. It may run a loop of its own: this one has not begun.
  public interface Start {
    void run() throws IOException;
  }

  /// Trains all epochs that are left.
  ///
  /// @param start called where there is no checkpoint to go on from
  /// @throws IOException where a checkpoint cannot be read or written, or belongs to another run
  public void run(Checkpoints checkpoints, TrainingListener listener, Start start)
      throws IOException {
    int done = 0;
    Path file = checkpoints.file();
    Checkpoint last = checkpoints.last(objective.run());
    if (last != null) {
      done = last.epoch();
      Weights.load(
          model.getBlock(),
          model.getNDManager(),
          objective.inputShape(),
          last.shapes(),
          ByteBuffer.wrap(last.weights()));
    } else {
      start.run();
    }
    MomentumOptimizer optimizer =
        new MomentumOptimizer(model.getNDManager(), schedule.weightDecay());
    // The objective computes the loss; the trainer only wants one.
    DefaultTrainingConfig config =
        new DefaultTrainingConfig(Loss.l2Loss())
            .optOptimizer(optimizer)
            .optDevices(new Device[] {model.getNDManager().getDevice()});
    int stepsPerEpoch = objective.stepsPerEpoch();
    int steps = stepsPerEpoch * schedule.epochs();
    try (Trainer trainer = model.newTrainer(config)) {
      trainer.initialize(objective.inputShape());
      List<Parameter> trained = trained();
      List<NDArray> weights = trained.stream().map(Parameter::getArray).toList();
      for (Parameter parameter : trained) {
        optimizer.setRateShare(parameter.getId(), objective.rateShare(parameter));
      }
      if (last != null) {
        setVelocities(optimizer, last.velocities());
      }
      for (int epoch = done + 1; epoch <= schedule.epochs(); epoch++) {
        model.getNDManager().getEngine().setRandomSeed((int) (seed + epoch));
        objective.beginEpoch(epoch);
        double lossOfEpoch = 0;
        for (int batch = 0; batch < stepsPerEpoch; batch++) {
          int step = (epoch - 1) * stepsPerEpoch + batch;
          optimizer.setRate(schedule.rate(step, steps));
          float loss = step(trainer, optimizer, weights);
          lossOfEpoch += loss;
          listener.stepDone(
              new Progress(objective.stage(), epoch, schedule.epochs(), step + 1, steps), loss);
        }
        if (file != null) {
          checkpoint(epoch, optimizer).write(file);
        }
        listener.epochDone(
            new Progress(objective.stage(), epoch, schedule.epochs(), epoch * stepsPerEpoch, steps),
            lossOfEpoch / stepsPerEpoch);
      }
    }
  }

  private float step(Trainer trainer, MomentumOptimizer optimizer, List<NDArray> weights) {
    try (NDManager manager = trainer.getManager().newSubManager()) {
      NDArray inputs = objective.inputs(manager);
      float value;
      try (GradientCollector collector = trainer.newGradientCollector()) {
        NDList outputs =
            objective.normalisesByBatch()
                ? trainer.forward(new NDList(inputs))
                : trainer.evaluate(new NDList(inputs));
        NDArray loss = objective.loss(outputs, manager);
        loss.attach(manager);
        outputs.attach(manager);
        collector.backward(loss);
        value = loss.getFloat();
      }
      if (!Float.isFinite(value)) {
        throw new IllegalStateException(
            "loss: %f (expected: finite); train again with a lower peak rate".formatted(value));
      }
      optimizer.limit(weights);
      trainer.step();
      return value;
    }
  }

  private Checkpoint checkpoint(int epoch, MomentumOptimizer optimizer) {
    List<Parameter> trained = trained();
    long values = trained.stream().mapToLong(parameter -> parameter.getArray().size()).sum();
    ByteBuffer velocities =
        ByteBuffer.allocate(Math.toIntExact(values * Float.BYTES)).order(ByteOrder.LITTLE_ENDIAN);
    for (Parameter parameter : trained) {
      for (float value :
          optimizer.velocity(parameter.getId(), parameter.getArray()).toFloatArray()) {
        velocities.putFloat(value);
      }
    }
    return new Checkpoint(
        objective.run(),
        epoch,
        Weights.shapes(model.getBlock()),
        Weights.toBytes(model.getBlock()),
        velocities.array());
  }

  private void setVelocities(MomentumOptimizer optimizer, byte[] bytes) {
    FloatBuffer floats = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    for (Parameter parameter : trained()) {
      float[] values = new float[Math.toIntExact(parameter.getArray().size())];
      floats.get(values);
      optimizer.velocity(parameter.getId(), parameter.getArray()).set(values);
    }
  }

  private List<Parameter> trained() {
    return model.getBlock().getParameters().values().stream()
        .filter(Parameter::requiresGradient)
        .toList();
  }
}
