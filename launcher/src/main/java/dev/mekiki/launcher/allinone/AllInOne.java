package dev.mekiki.launcher.allinone;

import dev.mekiki.broker.BrokerSettings;
import dev.mekiki.broker.EmbeddedBroker;
import dev.mekiki.encoder.EncoderConfig;
import dev.mekiki.encoder.EncoderService;
import dev.mekiki.index.IndexConfig;
import dev.mekiki.index.IndexService;
import dev.mekiki.launcher.process.Closing;
import dev.mekiki.query.QueryConfig;
import dev.mekiki.query.QueryService;
import dev.mekiki.runtime.StartException;
import dev.mekiki.runtime.config.Configuration;
import dev.mekiki.runtime.server.Access;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/// All of Mekiki in one process. The parts start in the order in which they need one another; the
/// caller's {@link Closing} closes them in reverse.
///
/// @param bootstrapServers the Kafka in use, embedded or not
/// @param server host:port of the API and the page
/// @param page the same as a URL
/// @param failure completes with the reason when a part fails; the rest should be closed then
public record AllInOne(
    String bootstrapServers, String server, String page, CompletableFuture<Throwable> failure) {
  private static final String BOOTSTRAP = "mekiki.kafka.bootstrap-servers";
  private static final String LOOPBACK = "127.0.0.1";
  private static final Duration READY_LIMIT = Duration.ofMinutes(10);

  /// Starts every part and waits until all of them can do their work.
  ///
  /// @param parts takes each part as soon as it runs, also where a later one fails
  /// @throws StartException for a reason that the user can fix
  public static AllInOne start(
      Configurations configurations, AllInOneSettings settings, Closing parts)
      throws InterruptedException {
    Map<String, String> presets = new HashMap<>(settings.presets());
    Map<String, String> known = new HashMap<>();
    CompletableFuture<Throwable> failure = new CompletableFuture<>();

    checkAccess(configurations.load(presets, known));
    DataDirectory data = parts.add(DataDirectory.take(settings.data()));
    presets.put("mekiki.index.state-dir", data.index().toString());

    if (!isSetByUser(configurations.load(presets, known), BOOTSTRAP)) {
      EmbeddedBroker broker =
          parts.add(
              EmbeddedBroker.start(
                  new BrokerSettings(data.broker(), LOOPBACK, settings.brokerPort())));
      known.put(BOOTSTRAP, broker.bootstrapServers());
      // It is this broker's only encoder, on any port, and aborts the transaction that its
      // predecessor left.
      presets.put("mekiki.encoder.instance-id", "all-in-one");
    }

    EncoderService encoder =
        parts.add(
            EncoderService.start(configurations.load(presets, known).get(EncoderConfig.class)));
    known.put("mekiki.query.encoder-addresses", encoder.address());

    IndexService index =
        parts.add(IndexService.start(configurations.load(presets, known).get(IndexConfig.class)));
    known.put("mekiki.query.index-addresses", index.address());

    QueryConfig queryConfig = configurations.load(presets, known).get(QueryConfig.class);
    QueryService query = parts.add(QueryService.start(queryConfig));

    var _ = encoder.failure().thenAccept(failure::complete);
    var _ = index.failure().thenAccept(failure::complete);
    var _ = query.failure().thenAccept(failure::complete);
    encoder.awaitReady(READY_LIMIT);
    index.awaitReady(READY_LIMIT);
    query.awaitReady(READY_LIMIT);
    return new AllInOne(
        queryConfig.kafka().bootstrapServers(), query.address(), query.url() + "/", failure);
  }

  /// Refuses addresses that no part may listen on before any part takes its time to start.
  private static void checkAccess(Configuration configuration) {
    EncoderConfig encoder = configuration.get(EncoderConfig.class);
    IndexConfig index = configuration.get(IndexConfig.class);
    QueryConfig query = configuration.get(QueryConfig.class);
    var _ = Access.of("encoder", encoder.encoder(), encoder.server());
    var _ = Access.of("index", index.index(), index.server());
    var _ = Access.of("query", query.query(), query.server());
  }

  private static boolean isSetByUser(Configuration configuration, String key) {
    return configuration.entries().stream()
        .anyMatch(entry -> entry.key().equals(key) && !entry.origin().equals("default"));
  }
}
