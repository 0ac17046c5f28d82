package dev.mekiki.broker;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.concurrent.CompletionException;
import kafka.server.ControllerServer;
import org.apache.kafka.common.errors.NotControllerException;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.controller.ControllerRequestContext;
import org.apache.kafka.metadata.BrokerRegistration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The registration that a broker leaves behind when it is killed.
///
/// The cluster would at first believe that the broker is alive. Its partitions have leaders, so the
/// transaction coordinator at once writes the markers of what was being committed or aborted. They
/// fail, because nothing listens yet. Then the new broker registers, the partitions are without a
/// leader for a moment, and the coordinator takes such partitions for deleted and leaves their
/// markers out (`TransactionMarkerChannelManager` on `KRaftMetadataCache`, Kafka 4.3.1). A
/// transaction without its marker stays open for ever, and every read-committed reader stands
/// still. Also, the new broker could register only after the session timeout of the old one.
final class FormerRegistration {
  private static final Logger log = LoggerFactory.getLogger(FormerRegistration.class);

  private static final Duration CONTROLLER_LIMIT = Duration.ofSeconds(30);

  private FormerRegistration() {}

  /// Removes the registration of an earlier run, if there is one.
  ///
  /// @param controller a started one; the broker must not have been started yet
  static void withdraw(ControllerServer controller, int nodeId) {
    BrokerRegistration former = controller.metadataCache().currentImage().cluster().broker(nodeId);
    if (former == null || former.fenced()) {
      return;
    }
    ControllerRequestContext context =
        new ControllerRequestContext(
            new RequestHeaderData(), KafkaPrincipal.ANONYMOUS, OptionalLong.empty());
    Instant deadline = Instant.now().plus(CONTROLLER_LIMIT);
    while (!isUnregistered(controller, context, nodeId)) {
      if (Instant.now().isAfter(deadline)) {
        throw new IllegalStateException(
            "the controller did not become active within " + CONTROLLER_LIMIT);
      }
      pause();
    }
    // The broker starts from this image: it must not be one with its former self in it.
    while (controller.metadataCache().currentImage().cluster().broker(nodeId) != null) {
      pause();
    }
    log.info("Broker was killed before: its registration is withdrawn epoch={}", former.epoch());
  }

  private static boolean isUnregistered(
      ControllerServer controller, ControllerRequestContext context, int nodeId) {
    try {
      controller.controller().unregisterBroker(context, nodeId).join();
      return true;
    } catch (CompletionException e) {
      if (e.getCause() instanceof NotControllerException) {
        return false;
      }
      throw e;
    }
  }

  private static void pause() {
    try {
      Thread.sleep(Duration.ofMillis(10));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while starting", e);
    }
  }
}
