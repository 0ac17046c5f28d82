package dev.mekiki.benchmarks.duplicates;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import dev.mekiki.benchmarks.report.Figures;
import dev.mekiki.benchmarks.report.Progress;
import dev.mekiki.benchmarks.testbed.Gauges;
import dev.mekiki.benchmarks.testbed.Testbed;
import dev.mekiki.benchmarks.testbed.TopicTail;
import dev.mekiki.encoder.EncoderConfig;
import dev.mekiki.encoder.EncoderService;
import dev.mekiki.encoding.decode.BadImageException;
import dev.mekiki.index.IndexConfig;
import dev.mekiki.index.IndexService;
import dev.mekiki.runtime.config.Configuration;
import dev.mekiki.runtime.match.MatchEvents;
import dev.mekiki.schemas.topic.Topics;
import dev.mekiki.schemas.v1.Alignment;
import dev.mekiki.schemas.v1.CopyCandidate;
import dev.mekiki.schemas.v1.DecidedBy;
import dev.mekiki.schemas.v1.Match;
import dev.mekiki.schemas.v1.Rectangle;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/// Finds copies by the product: pictures go to `images`, and what is found is read from `matches`.
/// Broker, encoder and index service run in this process.
///
/// A round is over when the services have done all that its pictures ask for ({@link Completion}).
final class ProductFinder implements Finder {
  private static final String NAME = "duplicates";
  private static final Duration READY_LIMIT = Duration.ofMinutes(2);

  private final boolean landmarks;
  private final Duration limit;
  private final Testbed testbed;
  private final EncoderService encoder;
  private final IndexService index;
  private final Gauges encoderMetrics;
  private final Gauges indexMetrics;
  private final KafkaProducer<String, byte[]> producer;
  private final String images;
  private final TopicTail encoded;
  private final TopicTail matches;
  private final @Nullable TopicTail candidates;

  /// Ids whose codes, or landmarks, were written.
  private final Set<String> seen = ConcurrentHashMap.newKeySet();

  private final Queue<Match> found = new ConcurrentLinkedQueue<>();
  private final Completion completion;
  private final AtomicLong wrongCandidates = new AtomicLong();
  private int added;
  private int rounds;
  private long copies;
  private long addNanos;

  /// @param data see {@link Testbed#start}
  /// @param limit of the time that one round of copies may take
  ProductFinder(boolean landmarks, boolean strict, @Nullable Path data, Duration limit)
      throws IOException, InterruptedException {
    this.landmarks = landmarks;
    this.limit = limit;
    testbed = Testbed.start(data);
    Map<String, String> keys = new HashMap<>();
    keys.put("mekiki.encoder.port", "0");
    keys.put("mekiki.encoder.instance-id", "bench");
    keys.put("mekiki.match.copies", landmarks ? "on" : "off");
    keys.put("mekiki.match.copies-strict", strict ? "on" : "off");
    Configuration configuration = testbed.configuration(NAME, keys);
    encoder = EncoderService.start(configuration.get(EncoderConfig.class));
    encoder.awaitReady(READY_LIMIT);
    index = IndexService.start(configuration.get(IndexConfig.class));
    index.awaitReady(READY_LIMIT);
    encoderMetrics = new Gauges(encoder.address());
    indexMetrics = new Gauges(index.address());
    producer =
        new KafkaProducer<>(
            testbed.clients().producer(), new StringSerializer(), new ByteArraySerializer());
    Topics topics = Testbed.topics(NAME);
    String network = encoder.generation().getNetwork();
    images = topics.images();
    String codes = landmarks ? topics.imageLandmarks(network) : topics.imageCodes(network);
    completion =
        new Completion(
            encoderMetrics, indexMetrics, landmarks, producer.partitionsFor(codes).size());
    encoded = new TopicTail(testbed.clients(), codes, this::seeEncoded);
    matches = new TopicTail(testbed.clients(), topics.matches(), this::seeMatch);
    candidates =
        landmarks
            ? new TopicTail(testbed.clients(), topics.copyCandidates(), this::seeCandidate)
            : null;
  }

  private void seeEncoded(ConsumerRecord<String, byte[]> record) {
    if (record.value() != null && seen.add(record.key())) {
      completion.encoded(record.value());
    }
  }

  private void seeMatch(ConsumerRecord<String, byte[]> record) {
    if (!MatchEvents.reportsPair(record.headers())) {
      return;
    }
    Match.Builder match = Match.newBuilder();
    try {
      JsonFormat.parser().merge(new String(record.value(), StandardCharsets.UTF_8), match);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("not a match at " + record.offset(), e);
    }
    found.add(match.build());
    completion.matched(match.getDecidedBy());
  }

  private void seeCandidate(ConsumerRecord<String, byte[]> record) {
    try {
      CopyCandidate pair = CopyCandidate.parseFrom(record.value());
      // The id of a copy names its original.
      if (isCopy(pair.getSoughtId()) && !pair.getSoughtId().endsWith("-" + pair.getFoundId())) {
        wrongCandidates.incrementAndGet();
      }
      completion.proposed();
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("not a candidate at " + record.offset(), e);
    }
  }

  private static String id(int number) {
    return "picture" + number;
  }

  private static boolean isCopy(String id) {
    return id.startsWith("copy");
  }

  private static int number(String id) {
    return Integer.parseInt(id.substring(id.lastIndexOf("picture") + "picture".length()), 10);
  }

  @Override
  public List<List<Found>> addAll(List<Path> pictures, Progress progress)
      throws IOException, InterruptedException {
    long start = System.nanoTime();
    List<String> ids = new ArrayList<>();
    for (Path path : pictures) {
      ids.add(id(added++));
      send(ids.getLast(), Files.readAllBytes(path));
      progress.stepTo(seen.size());
    }
    addNanos += await(ids, Math.max(1, pictures.size()), progress) - start;
    List<List<Found>> results = new ArrayList<>();
    ids.forEach(_ -> results.add(new ArrayList<>()));
    int first = added - pictures.size();
    for (Match match : taken()) {
      int later = number(match.getLater().getId());
      int earlier = number(match.getEarlier().getId());
      boolean isLater = later > earlier;
      results
          .get(Math.max(later, earlier) - first)
          .add(new Found(Math.min(later, earlier), by(match), overlap(match, isLater)));
    }
    return results;
  }

  @Override
  public List<List<Found>> findAll(Copies copies, Progress progress)
      throws IOException, BadImageException, InterruptedException {
    rounds++;
    List<String> ids = new ArrayList<>();
    for (int original : copies.originals()) {
      String id = "copy%d-%s".formatted(rounds, id(original));
      send(id, copies.file(ids.size()));
      ids.add(id);
      progress.stepTo(seen.size() - (long) added);
    }
    this.copies += ids.size();
    long _ = await(ids, 1, progress);
    Map<String, List<Found>> results = new HashMap<>();
    ids.forEach(id -> results.put(id, new ArrayList<>()));
    for (Match match : taken()) {
      String later = match.getLater().getId();
      String earlier = match.getEarlier().getId();
      List<Found> ofCopy = results.get(later);
      // Copies of one another are none of a picture.
      if (ofCopy != null && !isCopy(earlier)) {
        ofCopy.add(new Found(number(earlier), by(match), overlap(match, true)));
      }
    }
    ids.forEach(id -> send(id, null));
    producer.flush();
    return ids.stream().map(id -> List.copyOf(results.getOrDefault(id, List.of()))).toList();
  }

  private void send(String id, byte @Nullable [] file) {
    var _ = producer.send(new ProducerRecord<>(images, id, file));
    completion.sent(file != null);
  }

  /// Waits until the services are done with all pictures.
  ///
  /// @param ids of those that the round has sent
  /// @param limits of time for it
  /// @return when they were
  private long await(List<String> ids, int limits, Progress progress) throws InterruptedException {
    producer.flush();
    Duration all = limit.multipliedBy(limits);
    long _ =
        Gauges.await(
            "%,d pictures encoded".formatted(ids.size()),
            all,
            () -> {
              progress.stepTo(isCopy(ids.getFirst()) ? seen.size() - (long) added : seen.size());
              return seen.containsAll(ids);
            });
    return completion.await(all);
  }

  private List<Match> taken() {
    List<Match> all = new ArrayList<>();
    for (Match match = found.poll(); match != null; match = found.poll()) {
      all.add(match);
    }
    return all;
  }

  /// @param copyIsLater whether the picture that was looked for is the later one
  private static @Nullable Overlap overlap(Match match, boolean copyIsLater) {
    if (!match.hasAlignment()) {
      return null;
    }
    Alignment alignment = match.getAlignment();
    Overlap.Box later = box(alignment.getInLater());
    Overlap.Box earlier = box(alignment.getInEarlier());
    return copyIsLater ? new Overlap(later, earlier) : new Overlap(earlier, later);
  }

  private static Overlap.Box box(Rectangle rectangle) {
    return new Overlap.Box(
        rectangle.getLeft(), rectangle.getTop(), rectangle.getRight(), rectangle.getBottom());
  }

  private static By by(Match match) {
    if (match.getDecidedBy() == DecidedBy.BYTES) {
      return By.BYTES;
    }
    return match.getDecidedBy() == DecidedBy.ALIGNMENT ? By.ALIGNMENT : By.FINGERPRINT;
  }

  @Override
  public Costs costs() {
    return new Costs(
        meanMillis("mekiki_encoder_landmarks_detection_seconds"),
        Double.NaN,
        meanMillis("mekiki_encoder_verify_pair_seconds"),
        landmarks ? Figures.rounded((double) wrongCandidates.get() / Math.max(1, copies)) : 0,
        landmarks
            ? Figures.rounded(indexMetrics.sum("mekiki_index_copies_bytes") / Math.max(1, added))
            : 0,
        Figures.perSecond(added, addNanos));
  }

  private double meanMillis(String timer) {
    double count = landmarks ? encoderMetrics.sum(timer + "_count") : 0;
    return count == 0
        ? Double.NaN
        : Figures.rounded(1000 * encoderMetrics.sum(timer + "_sum") / count);
  }

  @Override
  public void close() throws IOException {
    encoded.close();
    matches.close();
    if (candidates != null) {
      candidates.close();
    }
    producer.close();
    index.close();
    encoder.close();
    testbed.close();
  }
}
