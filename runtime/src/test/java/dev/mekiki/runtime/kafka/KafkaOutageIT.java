package dev.mekiki.runtime.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.mekiki.broker.BrokerSettings;
import dev.mekiki.broker.EmbeddedBroker;
import dev.mekiki.runtime.StartException;
import dev.mekiki.runtime.failure.Component;
import dev.mekiki.runtime.failure.FailureOwner;
import dev.mekiki.runtime.failure.FailurePolicy;
import dev.mekiki.runtime.logging.OutageFilter;
import dev.mekiki.schemas.topic.TopicSpec;
import dev.mekiki.schemas.topic.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/// A consumer and a producer in transactions, with a broker that goes away under them.
@EnabledIfSystemProperty(
    named = "mekiki.tests.long",
    matches = "true",
    disabledReason = "takes half a minute; run with -Dmekiki.tests.long=true")
class KafkaOutageIT {
  private static final Topics TOPICS = new Topics("outage.");

  @TempDir private Path directory;

  private final LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
  private final OutageFilter filter = new OutageFilter();
  private final Lines lines = new Lines();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final FailureOwner failures = new FailureOwner("sample", meters);
  private final AtomicBoolean stopped = new AtomicBoolean();
  private final AtomicLong received = new AtomicLong();
  private final AtomicLong sent = new AtomicLong();

  private EmbeddedBroker broker;
  private KafkaClients clients;

  @BeforeEach
  void start() {
    broker = EmbeddedBroker.start(BrokerSettings.onFreePort(directory));
    clients = TestClients.of(Map.of("mekiki.kafka.bootstrap-servers", broker.bootstrapServers()));
    TopicProvisioner.ensure(clients, List.of(TopicSpec.matches(TOPICS, 2, (short) 1)));
    context.addTurboFilter(filter);
    lines.setContext(context);
    lines.start();
    for (String name : List.of("org.apache.kafka.clients", "dev.mekiki.runtime")) {
      logger(name).setLevel(name.startsWith("org") ? Level.WARN : Level.INFO);
      logger(name).addAppender(lines);
    }
  }

  @AfterEach
  void stop() {
    broker.close();
    context.getTurboFilterList().remove(filter);
    for (String name : List.of("org.apache.kafka.clients", "dev.mekiki.runtime")) {
      logger(name).detachAppender(lines);
      logger(name).setLevel(null);
    }
  }

  @Test
  void aBrokerThatIsAwayForTenSecondsIsTwoLines() throws Exception {
    int port = Integer.parseInt(broker.bootstrapServers().replaceFirst(".*:", ""));
    Thread consumer;
    Thread producer;
    try (KafkaWatch watch = KafkaWatch.start("sample", clients, failures, meters)) {
      consumer = loop("consumer", this::consume);
      producer = loop("producer", this::produce);
      await().atMost(Duration.ofSeconds(60)).until(() -> received.get() > 20);
      // A slow machine may have had trouble until here.
      lines.messages().clear();

      broker.close();
      await().atMost(Duration.ofSeconds(30)).until(watch::isAway);
      // Not a wait for something to happen: the length of the outage is what is tested.
      TimeUnit.SECONDS.sleep(10);
      assertThat(failures.defect()).isEmpty();
      broker = EmbeddedBroker.start(new BrokerSettings(directory, "127.0.0.1", port));
      await().atMost(Duration.ofSeconds(60)).until(() -> !watch.isAway());
      long before = received.get();
      await().atMost(Duration.ofSeconds(60)).until(() -> received.get() > before + 10);
    } finally {
      stopped.set(true);
    }
    consumer.join();
    producer.join();

    List<String> messages = lines.messages();
    assertThat(messages)
        .as("%s", messages)
        .hasSize(2)
        .satisfiesExactly(
            begin ->
                assertThat(begin).startsWith("WARN Kafka does not answer service=sample reason="),
            end ->
                assertThat(end)
                    .matches(
                        "INFO Kafka answers again service=sample after=1\\d\\.\\ds retries=\\d+"
                            + " suppressedLines=\\d+"));
    assertThat(suppressed()).isGreaterThan(5);
  }

  @Test
  void linesOfClientsAreWrittenOnceWhereKafkaAnswers() {
    try (KafkaWatch _ = KafkaWatch.start("sample", clients, failures, meters)) {
      Logger client = logger("org.apache.kafka.clients.NetworkClient");
      for (int i = 0; i < 100; i++) {
        client.warn("[Producer clientId=p-{}] Something odd happened to {}", i, "x".repeat(5_000));
      }
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() -> assertThat(lines.messages()).hasSize(1));
    }
    assertThat(lines.messages())
        .hasSize(2)
        .first()
        .asString()
        .startsWith(
            "WARN Kafka client reports logger=NetworkClient message=[Producer clientId=p-0]"
                + " Something odd")
        .hasSizeLessThan(1_200);
    assertThat(lines.messages().getLast()).startsWith("WARN Kafka client repeats times=99");
  }

  @Test
  void linesOfAStopAndOfUnstableOffsetsAreLeftOut() {
    Logger client = logger("org.apache.kafka.clients.admin.internals.X");
    client.warn("failed due to error {}.", "UNSTABLE_OFFSET_COMMIT");
    client.warn(
        "Got error produce response on {}, retrying ({} attempts left). Error: {}",
        "matches-1",
        7,
        "NOT_ENOUGH_REPLICAS");
    client.warn(
        "Offset commit failed on {}: {}", "images-1", "This is not the correct coordinator.");
    client.warn("standby-task [{}] Unable to acquire lock for it", "1_7");
    client.error("Interrupted", new IllegalStateException(new InterruptedException()));
    client.warn("This one stays");
    assertThat(lines.messages()).containsExactly("WARN This one stays");
  }

  @Test
  void aBrokerThatNeverAnsweredIsOneMessage() {
    broker.close();
    assertThatThrownBy(() -> BrokerProbe.probe(clients)).isInstanceOf(StartException.class);
    assertThat(lines.messages()).isEmpty();
  }

  private Thread loop(String name, Component.Attempt attempt) {
    Component component =
        failures.component(
            name, FailurePolicy.standard(KafkaFailures::kind).stallingAfter(Duration.ofSeconds(5)));
    component.workWaits(true);
    return Thread.ofPlatform()
        .name("test-" + name)
        .start(() -> {
          try {
            component.run(() -> {
              try {
                attempt.run();
              } catch (Exception e) {
                if (!stopped.get()) {
                  throw e;
                }
              }
            });
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  private void consume() {
    Map<String, Object> properties = new HashMap<>(clients.consumer("outage"));
    properties.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 6_000);
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.subscribe(List.of(TOPICS.matches()));
      while (!stopped.get()) {
        received.addAndGet(consumer.poll(Duration.ofMillis(100)).count());
        consumer.commitSync(Duration.ofSeconds(2));
      }
    }
  }

  private void produce() throws Exception {
    Map<String, Object> properties = new HashMap<>(clients.transactionalProducer("outage"));
    properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 3_000);
    properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 2_000);
    properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 3_000);
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.initTransactions();
      while (!stopped.get()) {
        producer.beginTransaction();
        var _ =
            producer.send(
                new ProducerRecord<>(
                    TOPICS.matches(), Long.toString(sent.get()).getBytes(UTF_8), null));
        producer.commitTransaction();
        sent.incrementAndGet();
        TimeUnit.MILLISECONDS.sleep(20);
      }
    }
  }

  private double suppressed() {
    return meters.get("mekiki.service.kafka.suppressed.lines").counter().count();
  }

  private Logger logger(String name) {
    return context.getLogger(name);
  }

  private static final class Lines extends AppenderBase<ILoggingEvent> {
    private final List<String> messages = new CopyOnWriteArrayList<>();

    List<String> messages() {
      return messages;
    }

    @Override
    protected void append(ILoggingEvent event) {
      messages.add(event.getLevel() + " " + event.getFormattedMessage());
    }
  }
}
