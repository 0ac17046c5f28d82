package dev.mekiki.encoder;

import dev.mekiki.encoder.follow.FollowLoop;
import dev.mekiki.encoder.stream.StreamLoop;
import dev.mekiki.runtime.kafka.KafkaClients;
import dev.mekiki.schemas.topic.TopicSpec;
import dev.mekiki.schemas.topic.Topics;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.producer.ProducerConfig;

/// Names and properties of one encoder's Kafka clients.
final class EncoderClients {
  /// Bytes of records that one poll may return, about: compressed batches hold more than a fetch's
  /// limit says.
  private static final int POLL_BYTES = 128 << 20;

  private static final int MAX_POLL_RECORDS = 64;

  private final KafkaClients clients;
  private final int recordBytes;
  private final String group;
  private final Topics topics;
  private final String network;
  private final String instance;

  /// @param address host:port of the service
  EncoderClients(EncoderConfig config, KafkaClients clients, String networkId, String address) {
    this.clients = clients;
    this.recordBytes = TopicSpec.deadLetterBytes(config.images().maxBytes());
    // The network is part of the group: another one starts at the beginning of images.
    this.topics = config.topics().names();
    this.group = topics.prefix() + "encoder-" + Topics.shortId(networkId);
    this.network = networkId;
    this.instance = config.encoder().instanceId().orElseGet(() -> instanceId(address));
  }

  String group() {
    return group;
  }

  String instance() {
    return instance;
  }

  StreamLoop.Clients stream() {
    Map<String, Object> consumer = clients.consumer(group);
    consumer.put(CommonClientConfigs.CLIENT_ID_CONFIG, group + "-" + instance);
    consumer.put(
        ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
        CooperativeStickyAssignor.class.getName());
    // The least that brokers allow by default: so soon do others take over from a dead encoder.
    consumer.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 6_000);
    consumer.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 1_500);
    consumer.put(
        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
        Math.clamp(POLL_BYTES / recordBytes, 1, MAX_POLL_RECORDS));
    return new StreamLoop.Clients(consumer, clients.consumer(), clients.admin());
  }

  /// Of the search for landmarks, which follows the codes of one network.
  FollowLoop.Clients landmarks() {
    return follow(topics.landmarksGroup(network));
  }

  /// Of verification, which all encoders of one Kafka share, whatever their networks.
  FollowLoop.Clients verification() {
    return follow(topics.verifyGroup());
  }

  private FollowLoop.Clients follow(String of) {
    Map<String, Object> consumer = clients.consumer(of);
    consumer.put(CommonClientConfigs.CLIENT_ID_CONFIG, of + "-" + instance);
    consumer.put(
        ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
        CooperativeStickyAssignor.class.getName());
    consumer.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 6_000);
    consumer.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 1_500);
    consumer.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, MAX_POLL_RECORDS);
    return new FollowLoop.Clients(consumer, producer(of));
  }

  Map<String, Object> producer() {
    return producer(group);
  }

  private Map<String, Object> producer(String of) {
    Map<String, Object> producer = clients.transactionalProducer(of + "-" + instance);
    // A transaction older than its timeout is lost anyway: fail, and start again.
    producer.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 15_000);
    producer.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
    producer.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 15_000);
    return producer;
  }

  private static String instanceId(String address) {
    String port = address.substring(address.lastIndexOf(':') + 1);
    try {
      return InetAddress.getLocalHost().getHostName() + ":" + port;
    } catch (UnknownHostException e) {
      // A machine that does not know its own name is at least the only one with this address.
      return address;
    }
  }
}
