package dev.mekiki.benchmarks.scale;

import dev.mekiki.benchmarks.testbed.Gauges;
import dev.mekiki.runtime.StartException;
import dev.mekiki.runtime.kafka.KafkaClients;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.common.GroupState;

/// What the broker knows of the group of the index instances: who has which partitions, and how far
/// they are.
final class GroupProgress implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(250);

  private final Admin admin;
  private final String prefix;

  /// @param prefix of the names of the topics, and so of the group
  GroupProgress(KafkaClients clients, String prefix) {
    this.admin = Admin.create(clients.admin());
    this.prefix = prefix;
  }

  /// Waits until so many members have partitions, and nothing has changed for a while.
  void awaitMembers(int members, Duration quiet, Duration limit) throws InterruptedException {
    awaitQuiet(
        "%d members with partitions".formatted(members),
        quiet,
        limit,
        () -> {
          Collection<MemberDescription> present = group().members();
          boolean stable =
              group().groupState() == GroupState.STABLE
                  && present.size() == members
                  && present.stream()
                      .noneMatch(member -> member.assignment().topicPartitions().isEmpty());
          return stable ? present.hashCode() : -1 - System.nanoTime();
        });
  }

  /// Waits until nothing has been committed for a while.
  void awaitStandstill(Duration quiet, Duration limit) throws InterruptedException {
    awaitQuiet("a standstill", quiet, limit, this::committed);
  }

  private void awaitQuiet(String what, Duration quiet, Duration limit, State state)
      throws InterruptedException {
    long[] last = {state.now()};
    long[] changed = {System.nanoTime()};
    long _ =
        Gauges.await(
            what,
            limit,
            () -> {
              try {
                Thread.sleep(POLL);
                long now = state.now();
                if (now != last[0]) {
                  last[0] = now;
                  changed[0] = System.nanoTime();
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new StartException("interrupted while measuring", e);
              }
              return System.nanoTime() - changed[0] > quiet.toNanos();
            });
  }

  private interface State {
    long now() throws InterruptedException;
  }

  private long committed() throws InterruptedException {
    try {
      return admin
          .listConsumerGroupOffsets(id())
          .partitionsToOffsetAndMetadata()
          .get()
          .values()
          .stream()
          .mapToLong(committed -> committed.offset())
          .sum();
    } catch (ExecutionException e) {
      throw new StartException("offsets of the index group: " + e.getCause(), e);
    }
  }

  private ConsumerGroupDescription group() throws InterruptedException {
    try {
      String id = id();
      return admin.describeConsumerGroups(List.of(id)).all().get().values().iterator().next();
    } catch (ExecutionException e) {
      throw new StartException("index group: " + e.getCause(), e);
    }
  }

  private String id() throws InterruptedException, ExecutionException {
    return admin.listGroups().all().get().stream()
        .map(listing -> listing.groupId())
        .filter(id -> id.startsWith(prefix))
        .findFirst()
        .orElseThrow(() -> new StartException("no group '%s...' on the broker".formatted(prefix)));
  }

  @Override
  public void close() {
    admin.close();
  }
}
