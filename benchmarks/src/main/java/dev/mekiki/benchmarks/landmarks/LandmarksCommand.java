package dev.mekiki.benchmarks.landmarks;

import dev.mekiki.benchmarks.data.PictureFiles;
import dev.mekiki.benchmarks.report.Output;
import dev.mekiki.encoding.decode.BadImageException;
import dev.mekiki.runtime.StartException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "landmarks",
    description = {
      "Measure what looking up the landmarks of a picture costs in one partition, on one thread,"
          + " without Kafka: pictures are made up, alike to a sample of real ones."
    },
    footer = {
      "",
      "A partition of a million pictures takes about 1 GB of heap.",
      "",
      "Examples:",
      "  mekiki bench landmarks --indexed 100000,1000000 --json",
      "  mekiki bench landmarks --images photos --indexed 100000 --json"
    })
public final class LandmarksCommand implements Callable<Integer> {
  @Mixin private Output output;

  @Option(
      names = "--indexed",
      paramLabel = "N",
      split = ",",
      description =
          "Pictures in the partition; several sizes, ascending and separated by commas, are"
              + " measured one by one as it grows (default: ${DEFAULT-VALUE}).")
  private List<Integer> indexed = List.of(100_000, 1_000_000);

  @Option(
      names = {"--queries", "--arrivals"},
      paramLabel = "N",
      description = "Pictures that are looked up at each size (default: ${DEFAULT-VALUE}).")
  private int queries = 2_000;

  @Option(
      names = "--images",
      paramLabel = "DIR",
      description =
          "Take the landmarks of these pictures as the sample, and measure them themselves first, as"
              + " far as they reach; may be given again (default: a sample that is built in).")
  private List<Path> images = List.of();

  @Option(
      names = "--write-sample",
      paramLabel = "FILE",
      description = "Write the sample of --images, as the built-in one was.")
  private @Nullable Path writeSample;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Draws the pictures (default: ${DEFAULT-VALUE}).")
  private long seed = 1;

  @Override
  public Integer call() throws IOException, BadImageException {
    check();
    SampledLandmarks sample = images.isEmpty() ? SampledLandmarks.builtIn() : measured();
    output.phase("fitting made-up landmarks");
    MadeUpLandmarks pictures = MadeUpLandmarks.like(sample, seed);
    output.phase(
        ("%,d landmarks sampled, %d stored and %d sought of a picture (medians); share of equal keys"
                + " %.3g, with %.1f %% of the bits changed %.3g; by chance %.3g")
            .formatted(
                sample.size(),
                SampledLandmarks.median(sample.storedCounts()),
                SampledLandmarks.median(sample.soughtCounts()),
                sample.equalKeys(),
                100 * pictures.changedShare(),
                pictures.equalKeys(),
                Math.pow(2, -24)));
    LandmarksMeasurement measurement = new LandmarksMeasurement(output);
    for (int size : indexed) {
      output.print(measurement.madeUp(pictures, size, queries));
    }
    return 0;
  }

  private SampledLandmarks measured() throws IOException, BadImageException {
    List<Path> files = new ArrayList<>();
    for (Path directory : images) {
      files.addAll(PictureFiles.in("--images", directory));
    }
    RealLandmarks real = RealLandmarks.of(files);
    SampledLandmarks sample = SampledLandmarks.of(real);
    output.print(new LandmarksMeasurement(output).real(real, queries));
    if (writeSample != null) {
      sample.write(writeSample);
      output.phase("written: " + writeSample);
    }
    return sample;
  }

  private void check() {
    int before = 0;
    for (int size : indexed) {
      if (size <= before) {
        throw new StartException(
            "--indexed: %d (expected: at least 1, and more than the size before)".formatted(size));
      }
      before = size;
    }
    if (queries < 1) {
      throw new StartException("--queries: %d (expected: at least 1)".formatted(queries));
    }
    if (writeSample != null && images.isEmpty()) {
      throw new StartException("--write-sample: no sample was measured (expected: --images, too)");
    }
  }
}
