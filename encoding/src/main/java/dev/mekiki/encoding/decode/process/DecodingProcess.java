package dev.mekiki.encoding.decode.process;

import dev.mekiki.encoding.decode.BadImageException;
import dev.mekiki.encoding.decode.BadImageException.Reason;
import dev.mekiki.encoding.decode.DecodedImage;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.opencv.core.CvType;
import org.opencv.core.Mat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One decoding process. Used by one thread at a time.
final class DecodingProcess implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(DecodingProcess.class);

  /// A new JVM on a machine that has much else to do.
  private static final Duration START_LIMIT = Duration.ofSeconds(30);

  /// What of this process's environment a decoder sees: no passwords, which are in variables, too,
  /// and no settings of the allocator that suit PyTorch.
  private static final Set<String> ENVIRONMENT =
      Set.of("PATH", "HOME", "TMPDIR", "LANG", "LC_ALL", "TZ", "LD_LIBRARY_PATH");

  /// 128 and the number of the signal that nothing can refuse.
  private static final int KILLED = 137;

  private final Process process;
  private final DataOutputStream files;
  private final DataInputStream answers;
  private final ErrorOutput errors;
  private boolean working;
  private boolean outOfTime;
  private boolean closed;

  private DecodingProcess(Process process) {
    this.process = process;
    this.files = new DataOutputStream(process.getOutputStream());
    this.answers = new DataInputStream(process.getInputStream());
    this.errors = new ErrorOutput(process.getErrorStream(), process.pid());
  }

  /// A process that waits for files.
  ///
  /// @throws IOException where it does not start, or is not ready in time
  static DecodingProcess start(List<String> command, ScheduledExecutorService clock)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().retainAll(ENVIRONMENT);
    builder.environment().put("MALLOC_ARENA_MAX", "1");
    DecodingProcess started = new DecodingProcess(builder.start());
    try {
      int greeting = started.within(START_LIMIT, clock, started.answers::readInt);
      if (greeting != Answer.READY) {
        throw new IOException("it wrote 0x%08x before it was ready".formatted(greeting));
      }
      started.errors.clear();
      return started;
    } catch (IOException e) {
      started.close();
      throw new IOException(
          "the decoding process ended or was not ready within %d s: %s: %s"
              .formatted(START_LIMIT.toSeconds(), e.getMessage(), started.errors.rest()),
          e);
    }
  }

  /// The picture of a file. After any failure but a {@link BadImageException} that the decoder
  /// itself found, the process is of no use any more: see {@link #isUsable}.
  ///
  /// @param limit after which the process is ended
  /// @throws BadImageException where the file is bad, takes longer, or ends the process
  /// @throws OutOfMemoryError where memory did not suffice, as far as can be seen
  /// @throws IOException where the process had ended before it had the whole file: another is
  ///   needed
  DecodedImage decode(byte[] file, Duration limit, ScheduledExecutorService clock)
      throws BadImageException, IOException {
    errors.clear();
    AtomicBoolean handedOver = new AtomicBoolean();
    Answer answer;
    try {
      answer =
          within(
              limit,
              clock,
              () -> {
                files.writeInt(file.length);
                files.write(file);
                files.flush();
                handedOver.set(true);
                return Answer.read(answers);
              });
    } catch (IOException e) {
      if (!handedOver.get() && !isOutOfTime()) {
        close();
        throw e;
      }
      BadImageException reason = ended(file, limit, e);
      close();
      throw reason;
    }
    return switch (answer) {
      case Answer.Picture picture -> image(picture);
      case Answer.Refused(Reason reason, String message) ->
          throw new BadImageException(reason, message);
      case Answer.NoMemory(String message) -> throw new OutOfMemoryError(message);
      case Answer.Defect(String message) -> throw new IllegalStateException("decoding: " + message);
    };
  }

  private static DecodedImage image(Answer.Picture picture) {
    Mat bgr = new Mat(picture.rows(), picture.columns(), CvType.CV_8UC3);
    bgr.put(0, 0, picture.bgr());
    return DecodedImage.of(
        picture.format(), picture.width(), picture.height(), bgr, picture.partial());
  }

  /// Runs an exchange with the process, which is killed at the limit; the exchange then fails.
  private <T> T within(Duration limit, ScheduledExecutorService clock, Exchange<T> exchange)
      throws IOException {
    synchronized (this) {
      working = true;
    }
    ScheduledFuture<?> end =
        clock.schedule(this::endIfWorking, limit.toNanos(), TimeUnit.NANOSECONDS);
    try {
      return exchange.run();
    } finally {
      end.cancel(false);
      synchronized (this) {
        working = false;
      }
    }
  }

  private synchronized void endIfWorking() {
    if (working) {
      outOfTime = true;
      process.destroyForcibly();
    }
  }

  private BadImageException ended(byte[] file, Duration limit, IOException cause) {
    if (isOutOfTime()) {
      return new BadImageException(
          Reason.DECODING_TIMED_OUT,
          ("image: %d bytes that were not decoded within %d ms (expected: an image that takes less;"
                  + " raise mekiki.encoder.decode-limit or send a smaller or simpler one)")
              .formatted(file.length, limit.toMillis()),
          cause);
    }
    int status = exitStatus();
    if (status == KILLED) {
      throw (OutOfMemoryError)
          new OutOfMemoryError(
                  "the decoding process was killed, as Linux does where memory runs out")
              .initCause(cause);
    }
    log.warn(
        "Decoding process ended while it decoded an image bytes={} exitStatus={} output={}",
        file.length,
        status,
        errors.rest());
    return new BadImageException(
        Reason.DECODER_CRASHED,
        ("image: %d bytes on which the decoding process ended with status %d (expected: an image"
                + " that its decoder survives)")
            .formatted(file.length, status),
        cause);
  }

  private synchronized boolean isOutOfTime() {
    return outOfTime;
  }

  /// Its exit status; -1 where it does not end although it has closed the pipe, or wrote nonsense.
  private int exitStatus() {
    try {
      return process.waitFor(2, TimeUnit.SECONDS) ? process.exitValue() : -1;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return -1;
    }
  }

  /// Whether it may be given another file.
  synchronized boolean isUsable() {
    return !closed && !outOfTime && process.isAlive();
  }

  long pid() {
    return process.pid();
  }

  /// Ends it.
  @Override
  public synchronized void close() {
    // It takes a moment until the system knows that it has ended.
    closed = true;
    process.destroyForcibly();
  }

  private interface Exchange<T> {
    T run() throws IOException;
  }
}
