package dev.mekiki.reliability.decision;

import com.linecorp.armeria.client.ClientFactory;
import dev.mekiki.hashing.match.Sha256;
import dev.mekiki.reliability.load.Pictures;
import dev.mekiki.reliability.load.Producers;
import dev.mekiki.runtime.policy.PolicyJson;
import dev.mekiki.runtime.policy.VerdictId;
import dev.mekiki.runtime.server.ClientAccess;
import dev.mekiki.schemas.topic.Topics;
import dev.mekiki.schemas.v1.AwaitDecisionsRequest;
import dev.mekiki.schemas.v1.IndexGrpc;
import dev.mekiki.schemas.v1.Verdict;
import io.grpc.StatusRuntimeException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;

/// Dismisses pairs of pictures, confirms them and takes that back, one after the other, until it is
/// closed. An instance that starts reads all decisions before it processes anything, so one that
/// every instance has read holds from then on, whatever becomes of them. Thread-safe.
public final class Decisions implements AutoCloseable {
  /// More of them make it likely that several instances are behind at once.
  private static final int LANES = 2;

  private static final int PAIRS = 40;
  private static final int SHORTEST_PAUSE = 1_500;
  private static final int LONGEST_PAUSE = 6_000;
  private static final Duration CALL_LIMIT = Duration.ofSeconds(10);
  private static final Duration RETRY = Duration.ofMillis(300);

  private final KafkaProducer<byte[], byte[]> producer;
  private final ClientFactory connections = ClientFactory.builder().build();
  private final List<IndexGrpc.IndexBlockingStub> indexes;
  private final List<Decision> decisions = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();

  /// Begins.
  ///
  /// @param tenants whose pictures are judged; empty for the default one
  /// @param indexes addresses of all index instances
  public Decisions(
      long seed,
      Pictures pictures,
      List<String> tenants,
      List<String> indexes,
      String bootstrapServers) {
    this.indexes = indexes.stream().map(this::stub).toList();
    this.producer = Producers.open(bootstrapServers);
    List<String> pairs = pairs(pictures, tenants, new Random(seed));
    for (int lane = 0; lane < LANES; lane++) {
      Random random = new Random(seed + lane);
      List<String> own = new ArrayList<>();
      for (int i = lane; i < Math.min(PAIRS, pairs.size()); i += LANES) {
        own.add(pairs.get(i));
      }
      threads.add(
          Thread.ofPlatform().name("decisions-" + lane).daemon().start(() -> run(own, random)));
    }
  }

  private IndexGrpc.IndexBlockingStub stub(String address) {
    return ClientAccess.NONE
        .grpc(address)
        .factory(connections)
        .responseTimeout(CALL_LIMIT)
        .build(IndexGrpc.IndexBlockingStub.class);
  }

  /// Copies of one another, as each tenant has them.
  private static List<String> pairs(Pictures pictures, List<String> tenants, Random random) {
    List<String> pairs = new ArrayList<>();
    for (int i = 0; i < pictures.count(); i++) {
      for (int j = 0; j < i; j++) {
        if (pictures.scene(i) == pictures.scene(j)) {
          for (String tenant : tenants) {
            pairs.add(
                new VerdictId(tenant, sha256(pictures.good(i)), sha256(pictures.good(j)))
                    .toString());
          }
        }
      }
    }
    Collections.shuffle(pairs, random);
    return pairs;
  }

  private static Sha256 sha256(byte[] bytes) {
    try {
      return Sha256.of(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private void run(List<String> pairs, Random random) {
    try {
      while (!pairs.isEmpty()) {
        Thread.sleep(random.nextInt(SHORTEST_PAUSE, LONGEST_PAUSE));
        String pair = pairs.get(random.nextInt(pairs.size()));
        boolean dismissed = random.nextInt(5) < 3;
        Instant sent = Instant.now();
        // It may come to be in force even where that is never known.
        int at = add(new Decision(pair, dismissed, sent, null));
        Long offset = send(pair, verdict(dismissed, random.nextBoolean()));
        if (offset != null) {
          awaitRead(offset);
          set(at, new Decision(pair, dismissed, sent, Instant.now()));
        }
      }
    } catch (InterruptedException | InterruptException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// @param confirmed of two ways to take a dismissal back, the one that leaves a verdict
  private static byte @Nullable [] verdict(boolean dismissed, boolean confirmed) {
    Verdict.Decision decision = dismissed ? Verdict.Decision.DISMISSED : Verdict.Decision.CONFIRMED;
    return dismissed || confirmed
        ? PolicyJson.bytes(Verdict.newBuilder().setDecision(decision).setAuthor("runner"))
        : null;
  }

  /// @return its offset; null where it is not known whether it was written
  private @Nullable Long send(String pair, byte @Nullable [] verdict) throws InterruptedException {
    try {
      return producer
          .send(
              new ProducerRecord<>(
                  Topics.withDefaultPrefix().verdicts(),
                  pair.getBytes(StandardCharsets.UTF_8),
                  verdict))
          .get()
          .offset();
    } catch (ExecutionException e) {
      return null;
    }
  }

  /// Returns once every index instance has read what lies up to an offset of `verdicts`.
  private void awaitRead(long offset) throws InterruptedException {
    AwaitDecisionsRequest request =
        AwaitDecisionsRequest.newBuilder()
            .putOffsets(Topics.withDefaultPrefix().verdicts(), offset + 1)
            .build();
    for (IndexGrpc.IndexBlockingStub index : indexes) {
      while (!hasRead(index, request)) {
        Thread.sleep(RETRY);
      }
    }
  }

  private static boolean hasRead(IndexGrpc.IndexBlockingStub index, AwaitDecisionsRequest request) {
    try {
      var _ = index.awaitDecisions(request);
      return true;
    } catch (StatusRuntimeException e) {
      return false;
    }
  }

  private int add(Decision decision) {
    synchronized (decisions) {
      decisions.add(decision);
      return decisions.size() - 1;
    }
  }

  private void set(int at, Decision decision) {
    synchronized (decisions) {
      decisions.set(at, decision);
    }
  }

  /// All so far, in the order in which they were sent.
  public List<Decision> all() {
    synchronized (decisions) {
      return List.copyOf(decisions);
    }
  }

  /// Decides nothing more.
  public void stop() throws InterruptedException {
    threads.forEach(Thread::interrupt);
    for (Thread thread : threads) {
      thread.join();
    }
  }

  @Override
  public void close() {
    threads.forEach(Thread::interrupt);
    producer.close(Duration.ofSeconds(5));
    connections.close();
  }
}
