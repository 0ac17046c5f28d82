package dev.mekiki.index;

import dev.mekiki.runtime.StartException;
import dev.mekiki.runtime.failure.FailureOwner;
import dev.mekiki.runtime.lifecycle.ReverseCloser;
import dev.mekiki.runtime.lifecycle.RunningService;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One running index instance: its share of the partitions and a gRPC server. Instances with the
/// same Kafka and topic prefix share the work of one generation.
///
/// It serves the generation that was active when it started, until that is retired. Others that are
/// prepared, or were active before and are kept, are served beside it in the same process, each at
/// an address of its own. Once its own was retired it names those others alone. Thread-safe.
public final class IndexService implements RunningService {
  private static final Logger log = LoggerFactory.getLogger(IndexService.class);

  private final String address;
  private final String advertised;
  private final Readiness readiness;
  private final FailureOwner failures;
  private final String generation;
  private final LongSupplier images;
  private final ReverseCloser started;

  IndexService(
      String address,
      String advertised,
      Readiness readiness,
      FailureOwner failures,
      String generation,
      LongSupplier images,
      ReverseCloser started) {
    this.address = address;
    this.advertised = advertised;
    this.readiness = readiness;
    this.failures = failures;
    this.generation = generation;
    this.images = images;
    this.started = started;
  }

  /// Starts an instance and returns while it still takes its partitions; see {@link #awaitReady}.
  ///
  /// It waits for an encoder service to announce a generation where none is active.
  ///
  /// @throws StartException where Kafka does not answer, no generation becomes active in time, a
  ///   topic is not what the generation needs, a radius does not fit the generation, the address is
  ///   open to all without leave, or the address or state directory is in use
  public static IndexService start(IndexConfig config) {
    IndexRole role = IndexRole.first(config);
    return IndexStart.start(config, role, Preconditions.check(config, role));
  }

  @Override
  public String name() {
    return "index";
  }

  /// Host and port of the gRPC server, as bound.
  @Override
  public String address() {
    return address;
  }

  /// Host and port at which others reach it.
  String advertised() {
    return advertised;
  }

  /// Id of the generation this instance serves, or has given up.
  public String generation() {
    return generation;
  }

  /// Images in the partitions of this instance, standbys included.
  long images() {
    return images.getAsLong();
  }

  /// True while every partition assigned to this instance is restored and processed. Where its
  /// generation was retired: while that holds for the instance of the active one in this process.
  @Override
  public boolean isReady() {
    return readiness.isReady();
  }

  @Override
  public String whyNotReady() {
    return readiness.whyNot();
  }

  @Override
  public CompletionStage<Throwable> failure() {
    return failures.failure();
  }

  /// Hands the partitions over by leaving the group, commits, and closes what was started. A second
  /// call does nothing.
  @Override
  public void close() {
    log.info("Index closing address={}", address);
    started.close();
    log.info("Index closed address={}", address);
  }
}
