package dev.mekiki.runtime.failure;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/// The owner of a service's failures. Each component of the service registers, reports progress and
/// failures, and is retried or given up by its {@link FailurePolicy}:
///
/// ```java
/// FailureOwner failures = new FailureOwner("query", meters);
/// Component watch =
///     failures.component("generation-watch", FailurePolicy.standard(KafkaFailures::kind));
/// watch.run(() -> { ... });       // on the component's own thread; or failed() and progressed()
/// ```
///
/// When a component is given up, {@link #failure} completes: the process should end then, with the
/// message of the failure and an exit code other than 0, so that it is restarted. Thread-safe.
public final class FailureOwner {
  private final String service;
  private final MeterRegistry meters;
  private final LongSupplier nanoTime;
  private final List<Component> components = new CopyOnWriteArrayList<>();
  private final AtomicLong count = new AtomicLong();
  private final CompletableFuture<Throwable> failure = new CompletableFuture<>();

  /// An owner without components.
  ///
  /// @param service such as `encoder`, for messages
  /// @param meters takes the metrics of each component
  public FailureOwner(String service, MeterRegistry meters) {
    this(service, meters, System::nanoTime);
  }

  FailureOwner(String service, MeterRegistry meters, LongSupplier nanoTime) {
    this.service = service;
    this.meters = meters;
    this.nanoTime = nanoTime;
  }

  /// Registers a component.
  ///
  /// @param name such as `generation-watch`: for messages, and the tag `component` of metrics
  public Component component(String name, FailurePolicy policy) {
    Component component = new Component(this, name, policy, meters, nanoTime);
    components.add(component);
    return component;
  }

  /// Completes with the reason where a component was given up.
  public CompletionStage<Throwable> failure() {
    return failure.minimalCompletionStage();
  }

  /// Why the service is not alive, or empty where it is: a component was given up, or made no
  /// progress for too long while work waits.
  public Optional<String> defect() {
    return components.stream()
        .map(Component::defect)
        .flatMap(Optional::stream)
        .reduce((first, second) -> first + "; " + second);
  }

  /// To be called again and again while something that all components depend on is away: they are
  /// not expected to make progress meanwhile.
  public void excuse() {
    components.forEach(Component::excuse);
  }

  /// Failures of all components since the start, each retry counted.
  public long failures() {
    return count.get();
  }

  String service() {
    return service;
  }

  void failed() {
    count.incrementAndGet();
  }

  void givenUp(ComponentFailedException reason) {
    failure.complete(reason);
  }

  void remove(Component component) {
    components.remove(component);
  }
}
