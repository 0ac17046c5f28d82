package dev.mekiki.launcher.process;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import javax.management.JMException;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The JVM's archive of the classes that this process has loaded, from which the next process like
/// it starts in less time. Written on {@link #close}, once all has been closed that still loads
/// classes, and only where
///
/// - the script requested it, by the property `mekiki.class-archive`, because there is none yet;
/// - the process was ready once ({@link #wasReady}): one that printed its usage, or found its port
///   taken, has loaded next to nothing.
///
/// The JVM could do so at its end by itself (`-XX:+AutoCreateSharedArchive`), but would then not
/// ask for the latter, nor write to another file first.
public final class ClassArchive implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ClassArchive.class);
  private static final String FILE = "mekiki.class-archive";

  private final @Nullable Path file;
  private volatile boolean ready;

  ClassArchive(@Nullable Path file) {
    this.file = file;
  }

  /// The archive that the script requests from this process, if it does.
  public static ClassArchive ofThisProcess() {
    String file = System.getProperty(FILE);
    return new ClassArchive(file == null ? null : Path.of(file));
  }

  /// Remembers that the process has started to the end.
  public void wasReady() {
    ready = true;
  }

  @Override
  public void close() throws IOException, JMException {
    if (file == null || !ready || Files.exists(file)) {
      return;
    }
    System.err.println("keeping the loaded classes, once, for a faster start next time");
    // Others may be at it too; who reads must find a whole one or none.
    Path own = file.resolveSibling(file.getFileName() + "." + ProcessHandle.current().pid());
    try {
      String outcome = dump(own);
      if (Files.exists(own)) {
        Files.move(own, file, StandardCopyOption.ATOMIC_MOVE);
      } else {
        log.info("No class archive was written file={} reason={}", file, outcome);
      }
    } finally {
      Files.deleteIfExists(own);
    }
  }

  /// What `jcmd PID VM.cds dynamic_dump FILE` does.
  private static String dump(Path file) throws JMException {
    PrintStream out = System.out;
    // The JDK prints there that it was attached by jcmd.
    System.setOut(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
    try {
      Object outcome =
          ManagementFactory.getPlatformMBeanServer()
              .invoke(
                  new ObjectName("com.sun.management:type=DiagnosticCommand"),
                  "vmCds",
                  new Object[] {new String[] {"dynamic_dump", file.toString()}},
                  new String[] {String[].class.getName()});
      return String.valueOf(outcome).strip();
    } finally {
      System.setOut(out);
    }
  }
}
