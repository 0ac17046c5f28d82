package dev.mekiki.encoder.verify;

import com.google.protobuf.ByteString;
import com.google.protobuf.util.Timestamps;
import dev.mekiki.encoder.verify.CopyVerifier.Outcome;
import dev.mekiki.encoder.verify.CopyVerifier.Pictures;
import dev.mekiki.encoding.decode.BadImageException;
import dev.mekiki.encoding.decode.DecodedImage;
import dev.mekiki.encoding.decode.ImageDecoder;
import dev.mekiki.schemas.search.SearchLimits;
import dev.mekiki.schemas.text.BoundedText;
import dev.mekiki.schemas.topic.Topics;
import dev.mekiki.schemas.v1.AlignCandidate;
import dev.mekiki.schemas.v1.AlignPairRequest;
import dev.mekiki.schemas.v1.AlignRequest;
import dev.mekiki.schemas.v1.AlignResponse;
import dev.mekiki.schemas.v1.AlignedCandidate;
import dev.mekiki.schemas.v1.AlignedCandidate.Result;
import dev.mekiki.schemas.v1.CopyCandidate;
import dev.mekiki.schemas.v1.CopyImage;
import dev.mekiki.schemas.v1.Match;
import dev.mekiki.schemas.v1.MatchKind;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Lays query pictures over indexed ones, on threads of its own: neither the stream nor the
/// verification of arrivals waits for it. Thread-safe.
public final class QueryAlignment implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(QueryAlignment.class);
  private static final Duration READ_LIMIT = Duration.ofSeconds(2);

  // Of the picture that comes with a request: larger than any thumbnail.
  private static final int MAX_BYTES = 1 << 20;
  private static final long MAX_PIXELS = 1 << 20;

  /// In place of the id of the query picture, which has none.
  private static final String QUERY = "query";

  private static final AlignedCandidate NOT_VERIFIED = result(Result.NOT_VERIFIED);

  private final String network;
  private final Pictures thumbnails;
  private final Runnable closing;
  private final VerifySettings settings;
  private final AlignMetrics metrics;
  private final ExecutorService workers;
  private final ImageDecoder decoder = new ImageDecoder(MAX_BYTES, MAX_PIXELS);
  private final PairAlignment pairs;

  /// One that reads thumbnails from Kafka.
  ///
  /// @param network content hash of the network whose thumbnails are read
  /// @param topics has the thumbnails
  /// @param reader properties of a consumer that is in no group
  /// @param threads that align
  /// @param settings what is a copy, and what else is of interest
  /// @param registry of what is measured
  public static QueryAlignment open(
      String network,
      Topics topics,
      Map<String, Object> reader,
      int threads,
      VerifySettings settings,
      MeterRegistry registry) {
    PictureReader pictures = new PictureReader(reader, topics, threads, READ_LIMIT);
    Pictures thumbnails =
        (id, of, image) ->
            image.hasThumbnailAt() ? pictures.read(id, of, image.getThumbnailAt()) : null;
    return new QueryAlignment(network, thumbnails, pictures::close, threads, settings, registry);
  }

  /// @param thumbnails of indexed images
  /// @param closing releases what thumbnails are read with
  QueryAlignment(
      String network,
      Pictures thumbnails,
      Runnable closing,
      int threads,
      VerifySettings settings,
      MeterRegistry registry) {
    this.network = network;
    this.thumbnails = thumbnails;
    this.closing = closing;
    this.settings = settings;
    this.pairs = new PairAlignment(decoder, settings);
    this.metrics = new AlignMetrics(registry);
    this.workers =
        Executors.newFixedThreadPool(
            threads, Thread.ofPlatform().daemon().name("mekiki-align-", 0).factory());
  }

  /// Aligns one picture with all candidates, as far as there is time.
  ///
  /// @param limit after which the rest is answered as not verified
  /// @return fails with {@link IllegalArgumentException}, with what is wrong, where the request is
  ///   at fault; with {@link java.util.concurrent.TimeoutException} where it waited for others for
  ///   all of that time
  public CompletableFuture<AlignResponse> align(AlignRequest request, Duration limit) {
    long start = System.nanoTime();
    long deadline = start + limit.toNanos();
    return CompletableFuture.supplyAsync(() -> candidates(request), workers)
        .orTimeout(limit.toNanos(), TimeUnit.NANOSECONDS)
        .thenCompose(candidates -> {
          List<CompletableFuture<AlignedCandidate>> results = new ArrayList<>(candidates.size());
          for (Candidate candidate : candidates) {
            results.add(
                CompletableFuture.supplyAsync(
                    () -> verified(candidate, request.getThumbnail(), deadline), workers));
          }
          return CompletableFuture.allOf(results.toArray(CompletableFuture<?>[]::new))
              .completeOnTimeout(null, deadline - System.nanoTime(), TimeUnit.NANOSECONDS)
              .thenApply(_ -> answer(results, System.nanoTime() - start));
        });
  }

  /// How one picture lies over another.
  ///
  /// @param limit after which the answer is not waited for
  /// @return fails with {@link IllegalArgumentException}, with what is wrong, where the request is
  ///   at fault; with {@link java.util.concurrent.TimeoutException} after that time
  public CompletableFuture<AlignedCandidate> alignPair(AlignPairRequest request, Duration limit) {
    return CompletableFuture.supplyAsync(
            () -> {
              try {
                return pairs.align(request);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CancellationException("this encoder is closing");
              }
            },
            workers)
        .orTimeout(limit.toNanos(), TimeUnit.NANOSECONDS);
  }

  private AlignResponse answer(List<CompletableFuture<AlignedCandidate>> results, long nanos) {
    AlignResponse.Builder response = AlignResponse.newBuilder();
    for (CompletableFuture<AlignedCandidate> result : results) {
      response.addCandidates(result.getNow(NOT_VERIFIED));
    }
    metrics.aligned(response, nanos);
    return response.build();
  }

  private List<Candidate> candidates(AlignRequest request) {
    if (!request.getNetwork().equals(network)) {
      throw new IllegalArgumentException(
          "network: '%s' (expected: '%s', which this encoder runs)"
              .formatted(BoundedText.quote(request.getNetwork()), network));
    }
    if (request.getCandidatesCount() > SearchLimits.MAX_ALIGNED) {
      throw new IllegalArgumentException(
          "candidates: %d (expected: at most %d)"
              .formatted(request.getCandidatesCount(), SearchLimits.MAX_ALIGNED));
    }
    if (request.getWidth() < 1 || request.getHeight() < 1) {
      throw new IllegalArgumentException(
          "size: %d x %d pixels (expected: at least 1 x 1)"
              .formatted(request.getWidth(), request.getHeight()));
    }
    try (DecodedImage _ = decoder.decode(request.getThumbnail().toByteArray())) {
      CopyImage sought =
          CopyImage.newBuilder()
              .setWidth(request.getWidth())
              .setHeight(request.getHeight())
              // Of now, or it would be too old where images end by their age.
              .setImageTime(Timestamps.fromMillis(System.currentTimeMillis()))
              .build();
      return request.getCandidatesList().stream()
          .map(candidate -> candidate(request.getNetwork(), sought, candidate))
          .toList();
    } catch (BadImageException e) {
      throw new IllegalArgumentException("thumbnail: " + e.getMessage(), e);
    }
  }

  /// A query is one more picture that is looked for.
  private static Candidate candidate(String network, CopyImage sought, AlignCandidate candidate) {
    return Candidate.of(
        CopyCandidate.newBuilder()
            .setNetwork(network)
            .setSoughtId(QUERY)
            .setSought(sought)
            .setSoughtIsLater(true)
            .setFoundId(candidate.getImageId())
            .setFound(candidate.getImage())
            .addAllProposals(candidate.getProposalsList())
            .build());
  }

  // Not by its id, which an indexed image may have, too.
  @SuppressWarnings("ReferenceEquality")
  private AlignedCandidate verified(Candidate candidate, ByteString picture, long deadline) {
    if (System.nanoTime() - deadline >= 0) {
      return NOT_VERIFIED;
    }
    CopyImage sought = candidate.record().getSought();
    Pictures pictures =
        (id, of, image) -> image == sought ? picture : thumbnails.read(id, of, image);
    try {
      return switch (new CopyVerifier(pictures, settings, InstantSource.system())
          .verify(candidate)) {
        case Outcome.Found(Match match) -> found(match);
        case Outcome.Nothing(), Outcome.Reshot() -> result(Result.NEITHER);
        case Outcome.Gone(), Outcome.Expired(), Outcome.Undecodable() -> result(Result.GONE);
      };
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return NOT_VERIFIED;
    } catch (KafkaException e) {
      log.debug("Thumbnail could not be read now", e);
      return NOT_VERIFIED;
    } catch (RuntimeException e) {
      log.warn("Query picture could not be laid over an image", e);
      return NOT_VERIFIED;
    }
  }

  private static AlignedCandidate found(Match match) {
    return AlignedCandidate.newBuilder()
        .setResult(
            match.getKind() == MatchKind.SHARES_ELEMENT ? Result.SHARES_ELEMENT : Result.COPY)
        .setAlignment(match.getAlignment())
        .setExplanation(
            AlignedPair.sentence(match.getAlignment(), "the picture searched for", "this one"))
        .build();
  }

  private static AlignedCandidate result(Result result) {
    return AlignedCandidate.newBuilder().setResult(result).build();
  }

  /// Ends. What is under way is not verified.
  @Override
  public void close() {
    workers.shutdownNow();
    pairs.close();
    closing.run();
  }
}
