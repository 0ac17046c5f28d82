package dev.mekiki.reliability.load;

import com.google.protobuf.UnsafeByteOperations;
import dev.mekiki.client.InvalidRequestException;
import dev.mekiki.client.MekikiClient;
import dev.mekiki.client.MekikiException;
import dev.mekiki.client.NoAnswerException;
import dev.mekiki.client.NotFoundException;
import dev.mekiki.client.OverloadedException;
import dev.mekiki.reliability.load.Operation.Kind;
import dev.mekiki.schemas.image.ImageHeaders;
import dev.mekiki.schemas.topic.Topics;
import dev.mekiki.schemas.v1.PutImageRequest;
import dev.mekiki.schemas.v1.SearchRequest;
import dev.mekiki.schemas.v1.SourceCoordinate;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/// Carries out operations when they are due, each on a thread of its own, and writes down what
/// became of them. Thread-safe.
public final class Load implements AutoCloseable {
  /// The metadata that says which operation an image was sent by.
  public static final String NUMBER = "operation";

  /// Beyond so many without an answer, operations are left out.
  private static final int MOST_OPEN = 200;

  private static final Duration GONE = Duration.ofSeconds(2);

  private final Pictures pictures;
  private final List<MekikiClient> clients;
  private final KafkaProducer<byte[], byte[]> producer;
  private final List<Entry> journal = new ArrayList<>();
  private final AtomicInteger open = new AtomicInteger();
  private volatile boolean stopped;

  /// @param queries addresses of the query services
  public Load(Pictures pictures, List<String> queries, String bootstrapServers) {
    this.pictures = pictures;
    this.clients = queries.stream().map(Load::client).toList();
    this.producer = Producers.open(bootstrapServers);
  }

  /// Takes no more of the operations that are carried out now.
  public void stop() {
    stopped = true;
  }

  /// Carries out operations at their times; returns once the outcome of each is known.
  public void run(List<Operation> operations) throws InterruptedException {
    run(operations.iterator());
  }

  /// Carries out operations at their times, until there are none or {@link #stop} is called;
  /// returns once the outcome of each is known.
  public void run(Iterator<Operation> operations) throws InterruptedException {
    Instant begin = Instant.now();
    stopped = false;
    List<Thread> threads = new ArrayList<>();
    while (!stopped && operations.hasNext()) {
      Operation operation = operations.next();
      Duration left = Duration.between(Instant.now(), begin.plus(operation.due()));
      if (left.isPositive()) {
        Thread.sleep(left);
      }
      if (open.get() >= MOST_OPEN) {
        if (operation.due().isZero()) {
          joinFirst(threads);
        } else {
          add(Entry.not(operation, Instant.now(), Outcome.LEFT_OUT, "too many are open", false));
          continue;
        }
      }
      open.incrementAndGet();
      threads.add(Thread.ofVirtual().start(() -> carryOut(operation)));
    }
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private static void joinFirst(List<Thread> threads) throws InterruptedException {
    threads.removeFirst().join();
  }

  private void carryOut(Operation operation) {
    Instant from = Instant.now();
    Entry entry;
    try {
      entry = operation.kind().isWrite() ? write(operation, from) : search(operation, from);
    } catch (MekikiException e) {
      boolean refused =
          e instanceof NotFoundException
              || e instanceof InvalidRequestException
              || e instanceof OverloadedException;
      entry =
          Entry.not(
              operation,
              from,
              refused ? Outcome.FAILED : Outcome.UNKNOWN,
              e.getMessage(),
              e instanceof NotFoundException);
    } catch (RuntimeException e) {
      entry = Entry.not(operation, from, Outcome.UNKNOWN, e.toString(), false);
    } finally {
      open.decrementAndGet();
    }
    add(entry);
  }

  /// Nothing is repeated: what a single call comes to is what is judged.
  private static MekikiClient client(String server) {
    return MekikiClient.builder(server).attempts(1).build();
  }

  private void add(Entry entry) {
    synchronized (journal) {
      journal.add(entry);
    }
  }

  private Entry search(Operation operation, Instant from) {
    SearchRequest.Builder request = SearchRequest.newBuilder().setK(operation.limit());
    if (!operation.tenant().isEmpty()) {
      request.setTenant(operation.tenant());
    }
    if (operation.kind() == Kind.SEARCH_BY_ID) {
      request.setId(operation.id());
    } else {
      request.setImage(UnsafeByteOperations.unsafeWrap(pictures.good(operation.picture())));
    }
    int first = operation.lane() % clients.size();
    try {
      return Entry.answered(operation, from, clients.get(first).search(request.build()));
    } catch (MekikiException e) {
      if (!isGone(e, from)) {
        throw e;
      }
      MekikiClient other = clients.get((first + 1) % clients.size());
      return Entry.answered(operation, from, other.search(request.build()));
    }
  }

  /// Whether a balancer before the query services would ask another one: nobody listens.
  private static boolean isGone(MekikiException failure, Instant from) {
    return failure instanceof NoAnswerException none
        && none.reason() == NoAnswerException.Reason.UNREACHABLE
        && Duration.between(from, Instant.now()).compareTo(GONE) < 0;
  }

  private Entry write(Operation operation, Instant from) {
    if (operation.lane() >= clients.size()) {
      return send(operation, from);
    }
    MekikiClient client = clients.get(operation.lane());
    if (operation.kind() == Kind.DELETE) {
      return Entry.done(operation, from, client.delete(operation.id()));
    }
    PutImageRequest.Builder request =
        PutImageRequest.newBuilder().putMetadata(NUMBER, Integer.toString(operation.number()));
    if (!operation.tenant().isEmpty()) {
      request.setTenant(operation.tenant());
    }
    return Entry.done(
        operation, from, client.put(operation.id(), bytes(operation), request.build()));
  }

  private byte[] bytes(Operation operation) {
    return operation.kind() == Kind.BAD
        ? pictures.bad(operation.picture())
        : pictures.good(operation.picture());
  }

  private Entry send(Operation operation, Instant from) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(
            Topics.withDefaultPrefix().images(),
            operation.id().getBytes(StandardCharsets.UTF_8),
            operation.kind() == Kind.DELETE ? null : bytes(operation));
    record
        .headers()
        .add(NUMBER, Integer.toString(operation.number()).getBytes(StandardCharsets.UTF_8));
    if (!operation.tenant().isEmpty()) {
      record
          .headers()
          .add(ImageHeaders.TENANT, operation.tenant().getBytes(StandardCharsets.UTF_8));
    }
    CompletableFuture<RecordMetadata> sent = new CompletableFuture<>();
    var _ =
        producer.send(
            record,
            (metadata, failure) -> {
              if (failure == null) {
                sent.complete(metadata);
              } else {
                sent.completeExceptionally(failure);
              }
            });
    try {
      RecordMetadata metadata = sent.get();
      return Entry.done(
          operation,
          from,
          SourceCoordinate.newBuilder()
              .setTopic(metadata.topic())
              .setPartition(metadata.partition())
              .setOffset(metadata.offset())
              .build());
    } catch (ExecutionException e) {
      return Entry.not(operation, from, Outcome.UNKNOWN, String.valueOf(e.getCause()), false);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Entry.not(operation, from, Outcome.UNKNOWN, "interrupted", false);
    }
  }

  /// Everything so far, in the order in which outcomes were known.
  public List<Entry> journal() {
    synchronized (journal) {
      return List.copyOf(journal);
    }
  }

  @Override
  public void close() {
    producer.close(Duration.ofSeconds(5));
    clients.forEach(MekikiClient::close);
  }
}
