package dev.mekiki.launcher.command.client;

import dev.mekiki.launcher.client.MekikiClient;
import dev.mekiki.launcher.client.RemoteException;
import dev.mekiki.launcher.command.options.ExitCode;
import dev.mekiki.launcher.command.options.ImageFiles;
import dev.mekiki.launcher.command.options.JsonOption;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Goes through the API rather than to Kafka: it needs one address and no topic names, limits and
/// ids are checked where they are configured, and what is refused is told file by file. Many calls
/// at once make up for the hop.
@Command(
    name = "ingest",
    description = "Send image files to the index; each one's id is its relative path.",
    footer = {
      "",
      "An image counts as sent once Kafka has it. Ends with 1 where any was refused.",
      "",
      "Examples:",
      "  mekiki ingest ~/Pictures",
      "  mekiki ingest --mute-matches --id-prefix shop/ catalogue/ extra.png"
    })
public final class IngestCommand implements Callable<Integer> {
  private static final int CALLS_AT_ONCE = 16;

  @Spec private CommandSpec spec;
  @Mixin private ServerOption server;
  @Mixin private JsonOption json;

  @Parameters(
      paramLabel = "DIR|FILE",
      arity = "1..*",
      description = "Image files, or directories of them.")
  private List<Path> paths;

  @Option(
      names = "--mute-matches",
      description = "Index without events where one of these images is the later of a pair.")
  private boolean muteMatches;

  @Option(names = "--id-prefix", paramLabel = "TEXT", description = "What every id starts with.")
  private String idPrefix = "";

  @Option(
      names = "--metadata",
      paramLabel = "KEY=VALUE",
      description = "Metadata of every image; may be given several times.")
  private Map<String, String> metadata = new HashMap<>();

  @Override
  public Integer call() throws IOException, InterruptedException {
    List<ImageFiles.Named> files = ImageFiles.find(paths);
    List<String> refused = Collections.synchronizedList(new ArrayList<>());
    AtomicLong bytes = new AtomicLong();
    try (MekikiClient client = server.connect()) {
      // One call alone first: a server that is not there is told once, not file by file.
      client.status();
      send(client, files, refused, bytes);
    }
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    refused.forEach(err::println);
    err.flush();
    Ingested ingested = new Ingested(files.size() - refused.size(), refused.size(), bytes.get());
    if (json.isSet()) {
      out.println(JsonOption.of(ingested));
    } else {
      out.printf(
          "sent %d images (%.1f MB), refused %d%n",
          ingested.sent(), ingested.bytes() / 1e6, ingested.refused());
    }
    out.flush();
    return refused.isEmpty() && !files.isEmpty() ? ExitCode.OK : ExitCode.FAILED;
  }

  private void send(
      MekikiClient client, List<ImageFiles.Named> files, List<String> refused, AtomicLong bytes)
      throws InterruptedException {
    AtomicReference<@Nullable RemoteException> broken = new AtomicReference<>();
    Semaphore calls = new Semaphore(CALLS_AT_ONCE);
    try (ProgressBar progress = progressBar(files.size());
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (ImageFiles.Named named : files) {
        calls.acquire();
        if (broken.get() != null) {
          break;
        }
        threads.execute(() -> {
          try {
            byte[] image = Files.readAllBytes(named.file());
            client.put(idPrefix + named.id(), image, metadata, muteMatches);
            bytes.addAndGet(image.length);
          } catch (IOException e) {
            refused.add("%s: cannot be read: %s".formatted(named.file(), e.getMessage()));
          } catch (RemoteException e) {
            if (e.isInvalidRequest()) {
              refused.add("%s: %s".formatted(named.file(), e.getMessage()));
            } else {
              broken.compareAndSet(null, e);
            }
          } finally {
            progress.step();
            calls.release();
          }
        });
      }
    }
    RemoteException failure = broken.get();
    if (failure != null) {
      throw failure;
    }
  }

  private static ProgressBar progressBar(int images) {
    return new ProgressBarBuilder()
        .setTaskName("ingest")
        .setInitialMax(images)
        .setStyle(ProgressBarStyle.ASCII)
        .showSpeed()
        .setUpdateIntervalMillis(200)
        .build();
  }

  private record Ingested(int sent, int refused, long bytes) {}
}
