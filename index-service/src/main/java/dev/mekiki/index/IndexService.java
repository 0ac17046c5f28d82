package dev.mekiki.index;

import dev.mekiki.runtime.StartException;
import dev.mekiki.runtime.failure.FailureOwner;
import dev.mekiki.runtime.lifecycle.ReverseCloser;
import dev.mekiki.runtime.lifecycle.RunningService;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.streams.KafkaStreams;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One running index instance: its share of the partitions and a gRPC server. Instances with the
/// same Kafka and topic prefix share the work of one generation.
///
/// It serves the generation that was active when it started, for as long as it lives. Others that
/// are prepared, or were active before and are kept, are served beside it in the same process, each
/// at an address of its own. Thread-safe.
public final class IndexService implements RunningService {
  private static final Logger log = LoggerFactory.getLogger(IndexService.class);

  private final String address;
  private final String advertised;
  private final KafkaStreams streams;
  private final FailureOwner failures;
  private final String generation;
  private final ReverseCloser started;

  IndexService(
      String address,
      String advertised,
      KafkaStreams streams,
      FailureOwner failures,
      String generation,
      ReverseCloser started) {
    this.address = address;
    this.advertised = advertised;
    this.streams = streams;
    this.failures = failures;
    this.generation = generation;
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

  /// Id of the generation this instance serves.
  public String generation() {
    return generation;
  }

  /// True while every partition assigned to this instance is restored and processed.
  @Override
  public boolean isReady() {
    return streams.state() == KafkaStreams.State.RUNNING;
  }

  @Override
  public String whyNotReady() {
    return ", in state %s (expected: RUNNING; a large state takes longer)"
        .formatted(streams.state());
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
