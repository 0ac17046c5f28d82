package dev.mekiki.query.cluster;

import com.linecorp.armeria.client.retry.Backoff;
import dev.mekiki.schemas.v1.IndexInstance;
import dev.mekiki.schemas.v1.RoutingSnapshot;
import dev.mekiki.schemas.v1.WatchRoutingRequest;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps a {@link ClusterView} by holding a `WatchRouting` stream to every bootstrap address and to
/// every instance that these name. A stream that breaks is opened again with backoff, which starts
/// anew only once a stream has lasted: an instance that is stopping must not be asked all the time.
/// An instance that is neither a bootstrap address nor named by any other is given up. Instances
/// also name those of other generations in their process.
///
/// What an instance says of itself counts more than what others say of it.
///
/// {@link #view} may be read from any thread; everything else happens on the watcher's own thread.
public final class RoutingWatcher implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RoutingWatcher.class);

  /// The cap is what a user waits at most, after an instance came back, until it is asked again.
  private static final Backoff BACKOFF = Backoff.exponential(100, 2_000).withJitter(0.2);

  /// A stream that lasted for so long was sound: when it breaks, the next one is opened soon again.
  private static final Duration SOUND = Duration.ofSeconds(5);

  private final IndexClients clients;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("routing-watcher").daemon().factory());
  private final Map<String, Watch> watches = new TreeMap<>();
  private long received;

  private volatile ClusterView view = ClusterView.EMPTY;

  /// Starts to watch.
  ///
  /// @param bootstrap host:port of at least one index instance each; they need not be up yet
  public RoutingWatcher(IndexClients clients, List<String> bootstrap) {
    this.clients = clients;
    thread.execute(() -> {
      for (String address : bootstrap) {
        watch(address, true);
      }
    });
  }

  /// All instances as last heard; {@link ClusterView#EMPTY} until the first has answered.
  public ClusterView view() {
    return view;
  }

  @Override
  public void close() {
    thread.execute(() -> {
      watches.values().forEach(Watch::cancel);
      watches.clear();
    });
    thread.shutdown();
  }

  private void watch(String address, boolean bootstrap) {
    Watch watch = watches.get(address);
    if (watch == null) {
      watch = new Watch(address, bootstrap);
      watches.put(address, watch);
      watch.open();
    }
  }

  /// Runs on the watcher's thread, or not at all once closed.
  private void later(Runnable task) {
    try {
      thread.execute(task);
    } catch (RejectedExecutionException e) {
      log.debug("Closed, nothing more to watch");
    }
  }

  private void heard(Watch watch, RoutingSnapshot snapshot) {
    if (watches.get(watch.address) != watch) {
      return;
    }
    if (watch.state != State.LIVE) {
      log.info("Watching index instance address={}", watch.address);
    }
    if (watch.state != State.LIVE) {
      watch.liveSince = System.nanoTime();
    }
    watch.state = State.LIVE;
    watch.snapshot = snapshot;
    watch.received = ++received;
    for (IndexInstance instance : snapshot.getInstancesList()) {
      watch(instance.getAddress(), false);
    }
    for (String address : snapshot.getBesideList()) {
      watch(address, false);
    }
    refresh();
  }

  private void broke(Watch watch, Throwable cause) {
    if (watches.get(watch.address) != watch) {
      return;
    }
    if (watch.state != State.BROKEN) {
      log.warn(
          "Index instance cannot be watched and is tried again address={} cause={}",
          watch.address,
          Status.fromThrowable(cause).getCode());
    }
    if (watch.state == State.LIVE && System.nanoTime() - watch.liveSince >= SOUND.toNanos()) {
      watch.failures = 0;
    }
    watch.state = State.BROKEN;
    watch.failures++;
    refresh();
    long delay = BACKOFF.nextDelayMillis(watch.failures);
    var _ =
        thread.schedule(
            () -> {
              if (watches.get(watch.address) == watch) {
                if (watch.bootstrap || isNamed(watch.address)) {
                  watch.open();
                } else {
                  log.info("Index instance is gone address={}", watch.address);
                  watches.remove(watch.address);
                  refresh();
                }
              }
            },
            delay,
            TimeUnit.MILLISECONDS);
  }

  private boolean isNamed(String address) {
    return view.instances().stream().anyMatch(instance -> instance.address().equals(address))
        || watches.values().stream().anyMatch(watch -> watch.namesBeside(address));
  }

  private void refresh() {
    boolean anyLive = watches.values().stream().anyMatch(watch -> watch.state == State.LIVE);
    Map<String, Named> newest = new HashMap<>();
    for (Watch watch : watches.values()) {
      RoutingSnapshot snapshot = watch.snapshot;
      // What a broken watch last heard counts only while there is nothing newer at all.
      if (snapshot == null || (anyLive && watch.state != State.LIVE)) {
        continue;
      }
      for (IndexInstance instance : snapshot.getInstancesList()) {
        boolean own = instance.getAddress().equals(watch.address);
        newest.merge(
            instance.getAddress(),
            new Named(snapshot, instance, own, watch.received),
            Named::moreTrusted);
      }
    }
    List<Instance> instances = new ArrayList<>();
    newest.forEach((address, named) -> {
      Watch watch = watches.get(address);
      instances.add(
          new Instance(
              named.snapshot.getGeneration(),
              named.snapshot.getIdPartitions(),
              named.snapshot.getLandmarkPartitions(),
              named.snapshot.getGroupPartitions(),
              named.instance,
              watch == null || watch.state != State.BROKEN));
    });
    view = new ClusterView(instances);
  }

  /// What one snapshot says of one instance.
  ///
  /// @param own true where the instance says it of itself
  private record Named(
      RoutingSnapshot snapshot, IndexInstance instance, boolean own, long received) {
    Named moreTrusted(Named other) {
      if (own != other.own) {
        return own ? this : other;
      }
      return received > other.received ? this : other;
    }
  }

  private enum State {
    OPENING,
    LIVE,
    BROKEN
  }

  /// The stream to one address.
  private final class Watch
      implements ClientResponseObserver<WatchRoutingRequest, RoutingSnapshot> {
    private final String address;
    private final boolean bootstrap;
    private State state = State.OPENING;
    private int failures;
    private long liveSince;
    private long received;
    private @Nullable RoutingSnapshot snapshot;
    private volatile @Nullable ClientCallStreamObserver<WatchRoutingRequest> call;

    Watch(String address, boolean bootstrap) {
      this.address = address;
      this.bootstrap = bootstrap;
    }

    /// Whether it names an instance of another generation in its process.
    boolean namesBeside(String other) {
      RoutingSnapshot heard = snapshot;
      return state == State.LIVE && heard != null && heard.getBesideList().contains(other);
    }

    void open() {
      clients.streams(address).watchRouting(WatchRoutingRequest.getDefaultInstance(), this);
    }

    void cancel() {
      ClientCallStreamObserver<WatchRoutingRequest> open = call;
      if (open != null) {
        open.cancel("the query service stops", null);
      }
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<WatchRoutingRequest> requests) {
      call = requests;
    }

    @Override
    public void onNext(RoutingSnapshot heard) {
      later(() -> heard(this, heard));
    }

    @Override
    public void onError(Throwable cause) {
      later(() -> broke(this, cause));
    }

    @Override
    public void onCompleted() {
      onError(Status.UNAVAILABLE.withDescription("the instance ended the stream").asException());
    }
  }
}
