package dev.mekiki.launcher.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.Timestamp;
import dev.mekiki.client.MekikiClient;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.match.MatchPolicy;
import dev.mekiki.hashing.pdq.Fingerprint;
import dev.mekiki.launcher.center.TopicCodes;
import dev.mekiki.launcher.process.ProcessClock;
import dev.mekiki.runtime.kafka.KafkaClients;
import dev.mekiki.samples.SamplePicture;
import dev.mekiki.samples.SampleSet;
import dev.mekiki.schemas.topic.Topics;
import dev.mekiki.schemas.v1.Match;
import dev.mekiki.schemas.v1.Status;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/// One run of the demo against a Mekiki that is ready and has no images yet: sends most of the
/// pictures as fast as they are taken, then the last ones one by one on an idle system, and sums
/// up.
public final class Demo {
  /// Pictures that are kept for the last phase.
  public static final int TIMED_IMAGES = 50;

  private static final Duration MATCH_LIMIT = Duration.ofSeconds(5);
  private static final Duration STANDSTILL_LIMIT = Duration.ofMinutes(2);
  private static final Duration QUIET = Duration.ofMillis(1_500);
  private static final Duration LOOK = Duration.ofMillis(200);

  private final SampleSet samples;
  private final KafkaClients clients;
  private final Topics topics;
  private final MekikiClient api;
  private final MatchPolicy policy;
  private final Consumer<Match> onMatch;

  /// @param policy what the index counts as a match
  /// @param onMatch called with each match as it is found, on another thread
  public Demo(
      SampleSet samples,
      KafkaClients clients,
      Topics topics,
      MekikiClient api,
      MatchPolicy policy,
      Consumer<Match> onMatch) {
    this.samples = samples;
    this.clients = clients;
    this.topics = topics;
    this.api = api;
    this.policy = policy;
    this.onMatch = onMatch;
  }

  /// Runs it.
  ///
  /// @param readySeconds for the summary
  /// @param page for the summary
  /// @throws IOException where a picture cannot be read
  /// @throws IllegalStateException where images neither arrive nor are refused for two minutes
  public DemoSummary run(double readySeconds, String page)
      throws IOException, InterruptedException {
    Tally tally = new Tally();
    List<SamplePicture> last = lastPhase();
    List<Latency> latencies = new ArrayList<>();
    try (PictureSender sender = new PictureSender(clients, topics.images());
        ResultFeed _ = new ResultFeed(clients, topics, listener(tally))) {
      for (SamplePicture picture : samples.pictures()) {
        if (!last.contains(picture)) {
          send(picture, sender, tally);
        }
      }
      sender.flush();
      settle(tally);
      for (SamplePicture picture : last) {
        long sent = send(picture, sender, tally);
        Tally.@Nullable Seen seen = tally.awaitMatchOf(picture.id(), MATCH_LIMIT);
        if (seen != null) {
          latencies.add(new Latency(seen.match(), sent, seen.nanos()));
        }
      }
      sender.flush();
      settle(tally);
    }
    return summary(tally, latencies, readySeconds, page);
  }

  /// The pictures that are sent one by one: all byte-identical copies, which are sure to match, and
  /// edited ones from all over the set.
  private List<SamplePicture> lastPhase() {
    List<SamplePicture> copies =
        new ArrayList<>(
            samples.pictures().stream().filter(picture -> !picture.isOriginal()).toList());
    List<SamplePicture> last =
        new ArrayList<>(copies.stream().filter(SamplePicture::isIdenticalCopy).toList());
    copies.removeAll(last);
    int edited = Math.min(copies.size(), TIMED_IMAGES - last.size());
    for (int i = 0; i < edited; i++) {
      last.add(copies.get((int) ((long) i * copies.size() / edited)));
    }
    return last;
  }

  private long send(SamplePicture picture, PictureSender sender, Tally tally) throws IOException {
    byte[] bytes = samples.bytes(picture);
    tally.sending(picture, bytes);
    long now = System.nanoTime();
    sender.send(picture.id(), bytes);
    return now;
  }

  private ResultFeed.Listener listener(Tally tally) {
    return new ResultFeed.Listener() {
      @Override
      public void match(Match match, long seenNanos) {
        tally.matched(match, seenNanos);
        onMatch.accept(match);
      }

      @Override
      public void deadLetter(String id, String reason) {
        tally.refused(id);
      }
    };
  }

  /// Waits until every image is indexed or refused and no match has come for a while. Each image's
  /// matches become visible with its placements, so that a while is a few commits.
  private void settle(Tally tally) throws InterruptedException {
    long images = -1;
    long movedNanos = System.nanoTime();
    while (true) {
      Status status = api.status();
      if (status.getImages() == tally.accepted()
          && status.getMissingPartitionsCount() == 0
          && tally.quiet().compareTo(QUIET) > 0) {
        return;
      }
      if (status.getImages() != images) {
        images = status.getImages();
        movedNanos = System.nanoTime();
      } else if (System.nanoTime() - movedNanos > STANDSTILL_LIMIT.toNanos()) {
        throw new IllegalStateException(
            "%d of %d images are indexed, and no more came for %d s"
                .formatted(images, tally.accepted(), STANDSTILL_LIMIT.toSeconds()));
      }
      Thread.sleep(LOOK);
    }
  }

  private DemoSummary summary(
      Tally tally, List<Latency> latencies, double readySeconds, String page) {
    Status status = api.status();
    Truth.Count count = tally.count(new Truth(policy, indexed(status)));
    double[] whole = latencies.stream().mapToDouble(Latency::wholeMs).toArray();
    Map<String, Double> stages = new LinkedHashMap<>();
    if (!latencies.isEmpty()) {
      stages.put("encoder", percentile(latencies.stream().mapToDouble(Latency::encoderMs), 50));
      stages.put("placement", percentile(latencies.stream().mapToDouble(Latency::placementMs), 50));
      stages.put("index", percentile(latencies.stream().mapToDouble(Latency::indexMs), 50));
      stages.put("delivery", percentile(latencies.stream().mapToDouble(Latency::deliveryMs), 50));
    }
    return new DemoSummary(
        tally.images(),
        count.expected(),
        count.expected() - count.missed().size(),
        count.beyond().size(),
        count.wrong().size(),
        count.exactExpected(),
        count.exactFound(),
        round(status.getProbesPerImage(), 100),
        readySeconds,
        round(ProcessClock.seconds(), 10),
        whole.length == 0 ? null : percentile(Arrays.stream(whole), 50),
        whole.length == 0 ? null : percentile(Arrays.stream(whole), 99),
        whole.length,
        stages,
        count.missed(),
        count.beyond(),
        count.wrong(),
        tally.refused(),
        page);
  }

  /// The codes of all images, as the encoder wrote them.
  private Map<String, Truth.Indexed> indexed(Status status) {
    Map<String, Truth.Indexed> indexed = new HashMap<>();
    TopicCodes.latest(
            clients,
            topics.imageCodes(status.getNetwork()),
            record ->
                new Truth.Indexed(
                    HashCode.fromBytes(record.value().getHashCode().toByteArray()),
                    new Fingerprint(
                        HashCode.fromBytes(record.value().getFingerprint().toByteArray()),
                        record.value().getFingerprintQuality())))
        .forEach((id, codes) -> indexed.put(UTF_8.decode(id).toString(), codes));
    return indexed;
  }

  private static double percentile(DoubleStream values, int percent) {
    double[] sorted = values.sorted().toArray();
    int rank = (int) Math.ceil(percent / 100.0 * sorted.length);
    return round(sorted[Math.max(0, rank - 1)], 10);
  }

  private static double round(double value, int parts) {
    return Math.round(value * parts) / (double) parts;
  }

  /// The times of one image of the last phase.
  private record Latency(Match match, long sentNanos, long seenNanos) {
    double wholeMs() {
      return (seenNanos - sentNanos) / 1e6;
    }

    double encoderMs() {
      return ms(match.getLater().getEncodedTime()) - ms(match.getLater().getImageTime());
    }

    double placementMs() {
      return ms(match.getLater().getPlacedTime()) - ms(match.getLater().getEncodedTime());
    }

    double indexMs() {
      return ms(match.getMatchTime()) - ms(match.getLater().getPlacedTime());
    }

    double deliveryMs() {
      return wholeMs() - encoderMs() - placementMs() - indexMs();
    }

    private static double ms(Timestamp time) {
      return time.getSeconds() * 1e3 + time.getNanos() / 1e6;
    }
  }
}
