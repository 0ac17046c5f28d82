package dev.mekiki.reliability.cluster;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One process of the cluster. Its log goes on across starts. Thread-safe.
public final class Node {
  private static final int END_LIMIT_SECONDS = 45;

  private final String name;
  private final Role role;
  private final List<Integer> ports;
  private final int group;
  private final List<String> command;
  private final Map<String, String> environment;
  private final Path log;

  private @Nullable Process process;
  private boolean wanted;
  private boolean frozen;

  /// @param ports where it listens, on the loopback address; the first one is for clients
  /// @param group id of the system's group that it runs as, by which its packets are known; 0 for
  ///   that of this process
  /// @param log what it writes to standard output and error is appended here
  Node(
      String name,
      Role role,
      List<Integer> ports,
      int group,
      List<String> command,
      Map<String, String> environment,
      Path log) {
    this.name = name;
    this.role = role;
    this.ports = List.copyOf(ports);
    this.group = group;
    this.command = List.copyOf(command);
    this.environment = Map.copyOf(environment);
    this.log = log;
  }

  /// Starts the process, unless it runs. It need not be ready when this returns.
  public synchronized void start() throws IOException, InterruptedException {
    wanted = true;
    if (process != null && process.isAlive()) {
      return;
    }
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().putAll(environment);
    process = ProcessStarter.start(builder, group);
    frozen = false;
  }

  /// SIGKILL; returns once the process is gone. It is not started again by itself.
  public synchronized void kill() throws InterruptedException {
    wanted = false;
    if (process != null) {
      process.destroyForcibly().waitFor();
    }
    frozen = false;
  }

  /// SIGTERM; returns once the process is gone.
  ///
  /// @return whether it ended by itself within 45 s; otherwise it was killed
  public synchronized boolean end() throws IOException, InterruptedException {
    wanted = false;
    if (process == null) {
      return true;
    }
    thaw();
    process.destroy();
    if (process.waitFor(END_LIMIT_SECONDS, TimeUnit.SECONDS)) {
      return true;
    }
    process.destroyForcibly().waitFor();
    return false;
  }

  /// SIGSTOP: the process keeps its connections and does nothing.
  public synchronized void freeze() throws IOException, InterruptedException {
    if (isRunning()) {
      signal("STOP");
      frozen = true;
    }
  }

  /// SIGCONT.
  public synchronized void thaw() throws IOException, InterruptedException {
    if (frozen && isRunning()) {
      signal("CONT");
    }
    frozen = false;
  }

  /// Sends a signal to the processes that it has started.
  ///
  /// @param signal such as `SEGV`
  /// @return how many those were
  public synchronized int signalChildren(String signal) throws IOException, InterruptedException {
    Process parent = process;
    int sent = 0;
    if (parent != null) {
      for (ProcessHandle child : parent.children().toList()) {
        // One that has just ended is none.
        sent += signal(signal, child.pid()) == 0 ? 1 : 0;
      }
    }
    return sent;
  }

  /// Its id; empty while it does not run.
  public synchronized OptionalLong pid() {
    Process running = process;
    return running == null || !running.isAlive()
        ? OptionalLong.empty()
        : OptionalLong.of(running.pid());
  }

  /// The ids of the processes that it has started.
  public synchronized List<Long> children() {
    Process parent = process;
    return parent == null ? List.of() : parent.children().map(ProcessHandle::pid).toList();
  }

  /// Whether the process has loaded a library, where the system says so.
  ///
  /// @param library a part of its file name
  public synchronized boolean hasLoaded(String library) throws IOException {
    Process running = process;
    if (running == null || !running.isAlive()) {
      return false;
    }
    Path maps = Path.of("/proc", Long.toString(running.pid()), "maps");
    return Files.exists(maps)
        && Files.readString(maps, StandardCharsets.ISO_8859_1).contains(library);
  }

  private void signal(String signal) throws IOException, InterruptedException {
    Process target = process;
    if (target == null) {
      return;
    }
    int exit = signal(signal, target.pid());
    if (exit != 0) {
      throw new IOException("kill -%s of %s ended with %d".formatted(signal, name, exit));
    }
  }

  private static int signal(String signal, long pid) throws IOException, InterruptedException {
    return new ProcessBuilder("kill", "-" + signal, Long.toString(pid))
        .inheritIO()
        .start()
        .waitFor();
  }

  /// The exit code of a process that ended although nobody ended it; null where it runs or should
  /// not.
  synchronized @Nullable Integer endedByItself() {
    return wanted && process != null && !process.isAlive() ? (Integer) process.exitValue() : null;
  }

  public synchronized boolean isRunning() {
    return process != null && process.isAlive();
  }

  public synchronized boolean isFrozen() {
    return frozen;
  }

  public String name() {
    return name;
  }

  public Role role() {
    return role;
  }

  /// Where it listens for clients, on the loopback address.
  public int port() {
    return ports.getFirst();
  }

  /// Where it listens, on the loopback address.
  public List<Integer> ports() {
    return ports;
  }

  /// Id of the system's group that it alone runs as.
  ///
  /// @throws IllegalStateException where it has none of its own
  public int group() {
    if (group == 0) {
      throw new IllegalStateException(name + ": no group of its own (expected: Means.NETWORK)");
    }
    return group;
  }

  /// host:port.
  public String address() {
    return "127.0.0.1:" + port();
  }

  public Path log() {
    return log;
  }

  @Override
  public String toString() {
    return name;
  }
}
