package dev.mekiki.encoder;

import dev.mekiki.encoder.grpc.QueryCopies;
import dev.mekiki.encoder.landmarks.LandmarkMetrics;
import dev.mekiki.encoder.landmarks.LandmarkSearch;
import dev.mekiki.encoder.landmarks.QueryLandmarks;
import dev.mekiki.encoder.record.ArrivalReader;
import dev.mekiki.encoder.reference.ReferenceFetcher;
import dev.mekiki.encoder.reference.References;
import dev.mekiki.encoder.stream.StreamFailures;
import dev.mekiki.encoder.verify.QueryAlignment;
import dev.mekiki.encoder.verify.Verification;
import dev.mekiki.encoder.verify.VerifyMetrics;
import dev.mekiki.encoder.verify.VerifySettings;
import dev.mekiki.encoding.decode.PictureDecoder;
import dev.mekiki.hashing.match.OriginFilter;
import dev.mekiki.runtime.failure.FailureOwner;
import dev.mekiki.runtime.failure.FailurePolicy;
import dev.mekiki.runtime.kafka.KafkaClients;
import dev.mekiki.runtime.lifecycle.ReverseCloser;
import dev.mekiki.runtime.policy.PolicyFollower;
import dev.mekiki.schemas.image.MetadataKeys;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;

/// The encoder's part of the search for copies: it finds landmarks, and verifies what the index
/// instances find by them.
final class CopySearch {
  private CopySearch() {}

  /// What searches by picture need.
  static QueryCopies queries(
      EncoderConfig config,
      KafkaClients clients,
      String network,
      PictureDecoder decoder,
      MeterRegistry registry) {
    int cores = Runtime.getRuntime().availableProcessors();
    return new QueryCopies(
        new QueryLandmarks(decoder),
        QueryAlignment.open(
            network,
            config.topics().names(),
            clients.consumer(),
            config.encoder().verifyThreads().orElse(cores),
            settings(config),
            registry));
  }

  private static VerifySettings settings(EncoderConfig config) {
    return new VerifySettings(
        config.match().sharedElements(), config.match().copiesStrict(), config.images().kept());
  }

  /// Starts both loops.
  ///
  /// @param fetcher fetches images that are held elsewhere once more
  /// @param parts closes them
  static void start(
      EncoderConfig config,
      KafkaClients clients,
      EncoderClients own,
      String network,
      PictureDecoder decoder,
      ReferenceFetcher fetcher,
      MeterRegistry registry,
      FailureOwner failures,
      ReverseCloser parts) {
    int cores = Runtime.getRuntime().availableProcessors();
    FailurePolicy policy = FailurePolicy.standard(StreamFailures::kind);
    EncoderConfig.Encoder encoder = config.encoder();
    int landmarkThreads = encoder.landmarkThreads().orElse(cores);
    LandmarkSearch landmarks =
        parts.add(
            new LandmarkSearch(
                config.topics().names(),
                network,
                decoder,
                own.landmarks(),
                clients.consumer(),
                parts.add(References.ofThreads(fetcher, landmarkThreads)),
                landmarkThreads,
                encoder.copyLimit(),
                new ArrivalReader(config.tenants().header()),
                MetadataKeys.of(config.match().eventMetadata().orElse(List.of())),
                config.images().kept(),
                new LandmarkMetrics(registry),
                failures.component("landmarks", policy)));
    PolicyFollower policies =
        parts.add(
            PolicyFollower.startCaughtUp(clients, config.topics().names(), failures, registry));
    Verification verification =
        parts.add(
            new Verification(
                config.topics().names(),
                own.verification(),
                clients.consumer(),
                encoder.verifyThreads().orElse(cores),
                encoder.copyLimit(),
                settings(config),
                policies,
                new OriginFilter(config.tenants().shared(), true),
                new VerifyMetrics(registry),
                failures.component("verification", policy)));
    landmarks.start();
    verification.start();
  }
}
