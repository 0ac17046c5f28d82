package dev.mekiki.encoding.decode.process;

import dev.mekiki.encoding.decode.BadImageException;
import dev.mekiki.encoding.decode.BadImageException.Reason;
import dev.mekiki.encoding.decode.DecodeLimits;
import dev.mekiki.encoding.decode.DecodedImage;
import dev.mekiki.encoding.decode.PictureDecoder;
import dev.mekiki.encoding.opencv.OpenCvLibrary;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Decodes pictures in processes beside this one, one picture at a time in each. A picture that
/// takes too long, or ends its process, is refused; another process takes the next. Processes are
/// started when they are needed, up to a limit; callers beyond it wait. They end with this one,
/// even where that is killed. Thread-safe.
public final class DecodingProcesses implements PictureDecoder, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(DecodingProcesses.class);

  private static final Duration FIRST_BACKOFF = Duration.ofMillis(100);

  /// With threefold backoff: it takes about 12 seconds to give up.
  private static final int START_ATTEMPTS = 5;

  private final Settings settings;
  private final List<String> command;
  private final Semaphore permits;
  private final Deque<DecodingProcess> idle = new ConcurrentLinkedDeque<>();
  private final ScheduledThreadPoolExecutor clock;
  private final AtomicLong timedOut = new AtomicLong();
  private final AtomicLong crashed = new AtomicLong();
  private volatile boolean closed;

  /// How pictures are decoded.
  ///
  /// @param limits of files and pictures
  /// @param processes most of them at once; at least 1
  /// @param timeLimit of one picture; above 0
  /// @param memoryBytes Java heap of each process
  public record Settings(DecodeLimits limits, int processes, Duration timeLimit, long memoryBytes) {
    public Settings {
      if (processes < 1) {
        throw new IllegalArgumentException("processes: %d (expected: >= 1)".formatted(processes));
      }
      if (!timeLimit.isPositive()) {
        throw new IllegalArgumentException("decode-limit: %s (expected: > 0)".formatted(timeLimit));
      }
    }
  }

  /// @param main what runs in a process; it gets the limits as arguments
  DecodingProcesses(Settings settings, Class<?> main) {
    this.settings = settings;
    this.command = command(settings, main);
    // Fair: nobody waits for ever.
    this.permits = new Semaphore(settings.processes(), true);
    this.clock =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("mekiki-decoding-clock").factory());
    this.clock.setRemoveOnCancelPolicy(true);
  }

  /// Processes of this Java, with this class path.
  ///
  /// @throws DecodingUnavailableException where the first does not start
  public static DecodingProcesses start(Settings settings) {
    DecodingProcesses processes = new DecodingProcesses(settings, DecodingMain.class);
    try {
      processes.idle.push(DecodingProcess.start(processes.command, processes.clock));
      return processes;
    } catch (IOException e) {
      processes.close();
      throw new DecodingUnavailableException(
          "decoding: no process can be started: %s (expected: leave to start processes; or set"
                  .formatted(e.getMessage())
              + " mekiki.encoder.decode-isolation=none)",
          e);
    }
  }

  private static List<String> command(Settings settings, Class<?> main) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx%dm".formatted(Math.max(8, settings.memoryBytes() >> 20)));
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            // Helpers of a JVM that thinks it has all cores would be more threads than work.
            "-XX:ActiveProcessorCount=1",
            "-XX:-UsePerfData",
            "-XX:+ErrorFileToStderr",
            "-XX:-CreateCoredumpOnCrash",
            "-Djava.awt.headless=true",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow"));
    // Unpacked once: a process that is killed cannot remove a copy of its own.
    OpenCvLibrary.directory()
        .ifPresent(directory -> command.add("-Djava.library.path=" + directory));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.add(Integer.toString(settings.limits().maxBytes()));
    command.add(Long.toString(settings.limits().maxPixels()));
    command.add(Boolean.toString(settings.limits().partialImages()));
    return command;
  }

  /// {@inheritDoc}
  ///
  /// @throws BadImageException also where the file takes too long, or ends its process
  /// @throws DecodingUnavailableException where processes do not start
  /// @throws CancellationException where this is closed
  @Override
  public DecodedImage decode(byte[] bytes) throws BadImageException {
    if (closed) {
      throw new CancellationException("decoding: closed");
    }
    settings.limits().checkLength(bytes);
    permits.acquireUninterruptibly();
    try {
      IOException last = null;
      for (int attempt = 0; attempt <= settings.processes(); attempt++) {
        DecodingProcess process = process();
        try {
          return process.decode(bytes, settings.timeLimit(), clock);
        } catch (IOException e) {
          // It had ended while it waited for work.
          log.debug("Decoding process is gone pid={}", process.pid(), e);
          last = e;
        } finally {
          giveBack(process);
        }
      }
      throw new DecodingUnavailableException("decoding: processes end as soon as they start", last);
    } catch (BadImageException e) {
      count(e.reason());
      throw e;
    } finally {
      permits.release();
    }
  }

  private void count(Reason reason) {
    if (reason == Reason.DECODING_TIMED_OUT) {
      timedOut.incrementAndGet();
    } else if (reason == Reason.DECODER_CRASHED) {
      crashed.incrementAndGet();
    }
  }

  private DecodingProcess process() {
    for (DecodingProcess next = idle.poll(); next != null; next = idle.poll()) {
      if (next.isUsable()) {
        return next;
      }
      next.close();
    }
    return started();
  }

  /// A new process; tried again with backoff, for memory or process ids may be short for a while.
  private DecodingProcess started() {
    Duration backoff = FIRST_BACKOFF;
    @Nullable IOException last = null;
    for (int attempt = 0; attempt < START_ATTEMPTS && !closed; attempt++) {
      try {
        return DecodingProcess.start(command, clock);
      } catch (IOException e) {
        last = e;
        log.warn("Decoding process does not start attempt={}", attempt, e);
      }
      try {
        Thread.sleep(backoff);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        break;
      }
      backoff = backoff.multipliedBy(3);
    }
    throw new DecodingUnavailableException("decoding: no process can be started", last);
  }

  private void giveBack(DecodingProcess process) {
    if (process.isUsable()) {
      // The one used last is the warmest.
      idle.push(process);
    } else {
      process.close();
    }
    if (closed) {
      endIdle();
    }
  }

  /// Pictures that took longer than the limit.
  public long timedOut() {
    return timedOut.get();
  }

  /// Pictures that ended the process which decoded them.
  public long crashed() {
    return crashed.get();
  }

  /// Process ids of those that wait for work.
  List<Long> idle() {
    return idle.stream().map(DecodingProcess::pid).toList();
  }

  /// Ends the processes; those that decode, when they are done.
  @Override
  public void close() {
    closed = true;
    endIdle();
    clock.shutdown();
  }

  private void endIdle() {
    for (DecodingProcess next = idle.poll(); next != null; next = idle.poll()) {
      next.close();
    }
  }
}
