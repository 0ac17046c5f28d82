package dev.mekiki.index.streamsinternals;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// On the driver, which commits after each record as a task does. That what is sent belongs to the
/// transaction is shown by the tests of whole clusters, whose partitions ask each other so.
class BeforeCommitTest {
  private static final String HOOK = "hook";
  private static final String COUNTS = "counts";

  @TempDir Path directory;

  @Test
  void actionForwardsAndStoresBeforeEachCommit() {
    try (TopologyTestDriver driver = new TopologyTestDriver(topology(), settings())) {
      TestInputTopic<String, String> in =
          driver.createInputTopic("in", new StringSerializer(), new StringSerializer());
      TestOutputTopic<String, String> out =
          driver.createOutputTopic("out", new StringDeserializer(), new StringDeserializer());

      in.pipeInput("a", "1");
      assertThat(out.readValuesToList()).containsExactly("a1");
      in.pipeInput("b", "2");

      assertThat(out.readValuesToList()).containsExactly("b2");
      KeyValueStore<String, Long> counts = driver.getKeyValueStore(COUNTS);
      assertThat(counts.get("sent")).isEqualTo(2);
      assertThat(driver.producedTopicNames()).anyMatch(topic -> topic.endsWith("-changelog"));
    }
  }

  private static Topology topology() {
    Topology topology = new Topology();
    topology.addSource("source", new StringDeserializer(), new StringDeserializer(), "in");
    topology.addProcessor("waiting", Waiting::new, "source");
    topology.addStateStore(BeforeCommit.builder(HOOK), "waiting");
    topology.addStateStore(
        Stores.keyValueStoreBuilder(
            Stores.inMemoryKeyValueStore(COUNTS), Serdes.String(), Serdes.Long()),
        "waiting");
    topology.addSink("sink", "out", new StringSerializer(), new StringSerializer(), "waiting");
    return topology;
  }

  private Properties settings() {
    Properties properties = new Properties();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "before-commit");
    properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:9092");
    properties.put(StreamsConfig.STATE_DIR_CONFIG, directory.toString());
    properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    return properties;
  }

  /// Forwards nothing while it processes.
  private static final class Waiting implements Processor<String, String, String, String> {
    private final List<String> waiting = new ArrayList<>();
    private long sent;

    @Override
    public void init(ProcessorContext<String, String> context) {
      KeyValueStore<String, Long> counts = context.getStateStore(COUNTS);
      BeforeCommit hook = context.getStateStore(HOOK);
      hook.run(
          context,
          () -> {
            waiting.forEach(value -> context.forward(new Record<>(value, value, 0)));
            sent += waiting.size();
            waiting.clear();
            counts.put("sent", sent);
          });
    }

    @Override
    public void process(Record<String, String> record) {
      waiting.add(record.key() + record.value());
    }
  }
}
