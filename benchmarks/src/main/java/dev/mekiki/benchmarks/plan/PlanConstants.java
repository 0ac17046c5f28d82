package dev.mekiki.benchmarks.plan;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Properties;

/// What was measured, and what is assumed of machines: `constants.properties` beside this class
/// says of each number where it comes from. NaN where nothing was measured yet.
///
/// @param heapBytes of an image in the structures of a partition, its id included
/// @param diskBytes of an image in the stores of an index instance
/// @param brokerBytes of an image on all topics but `images` and probes, one copy
/// @param probeBytes of a probe on its topic, one copy
/// @param retentionSeconds for which probes are kept
/// @param arrivalMicros of a core for an arrival, from `image-codes` to its row, look-up apart
/// @param probeMicros of a core for a probe, sent and taken, look-up apart
/// @param lookUpMicros of a core to find the matches of an arrival or probe, by rows of a partition
/// @param codesProbed partitions probed under the reach `codes` by pictures that the network knows,
///   by partitions
/// @param skew images of the fullest partition against the mean, by partitions
/// @param restorePerSecond images that an instance restores in a second
/// @param encodedPerCore images that a core encodes in a second
/// @param encodedPerGpu images that a GPU encodes in a second
/// @param brokerCopies of each record
/// @param standbys of each partition
/// @param machineCores of an index machine
/// @param machineBytes of its memory that the structures may take
/// @param busy share of a core that may be busy
/// @param largestPartition images of a partition, so that it opens in about 20 s
record PlanConstants(
    double heapBytes,
    double diskBytes,
    double brokerBytes,
    double probeBytes,
    double retentionSeconds,
    double arrivalMicros,
    double probeMicros,
    Curve lookUpMicros,
    Curve codesProbed,
    Curve skew,
    double restorePerSecond,
    double encodedPerCore,
    double encodedPerGpu,
    double brokerCopies,
    double standbys,
    double machineCores,
    double machineBytes,
    double busy,
    double largestPartition) {
  private static final String FILE = "constants.properties";

  /// Those of this build.
  static PlanConstants read() {
    Properties values = new Properties();
    try (InputStream file =
        Objects.requireNonNull(PlanConstants.class.getResourceAsStream(FILE), FILE)) {
      values.load(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return of(values);
  }

  static PlanConstants of(Properties values) {
    return new PlanConstants(
        number(values, "heap-bytes"),
        number(values, "disk-bytes"),
        number(values, "broker-bytes"),
        number(values, "probe-bytes"),
        number(values, "retention-seconds"),
        number(values, "arrival-micros"),
        number(values, "probe-micros"),
        new Curve(text(values, "look-up-micros")),
        new Curve(text(values, "codes-probed")),
        new Curve(text(values, "skew")),
        number(values, "restore-per-second"),
        number(values, "encoded-per-core"),
        number(values, "encoded-per-gpu"),
        number(values, "broker-copies"),
        number(values, "standbys"),
        number(values, "machine-cores"),
        number(values, "machine-bytes"),
        number(values, "busy"),
        number(values, "largest-partition"));
  }

  private static double number(Properties values, String key) {
    String text = text(values, key);
    return text.isEmpty() ? Double.NaN : Double.parseDouble(text);
  }

  private static String text(Properties values, String key) {
    return Objects.requireNonNull(values.getProperty(key), () -> FILE + ": no " + key).trim();
  }
}
