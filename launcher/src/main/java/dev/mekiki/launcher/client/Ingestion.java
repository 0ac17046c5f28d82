package dev.mekiki.launcher.client;

import dev.mekiki.client.InvalidRequestException;
import dev.mekiki.client.MekikiClient;
import dev.mekiki.client.OverloadedException;
import dev.mekiki.client.Upload;
import dev.mekiki.client.UploadListener;
import dev.mekiki.client.Uploads;
import dev.mekiki.launcher.images.ImageFiles;
import dev.mekiki.launcher.images.LeftOut;
import dev.mekiki.schemas.v1.PutImageRequest;
import dev.mekiki.schemas.v1.SourceCoordinate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Sends image files to a query service. Every file is sent or left out with a reason. Used once,
/// by one thread.
public final class Ingestion {
  private final Uploads uploads;
  private final Request request;
  private final Map<Upload, Path> underWay = new ConcurrentHashMap<>();
  private final List<LeftOut> leftOut = new ArrayList<>();
  private int sent;
  private long bytes;
  private @Nullable RuntimeException failure;

  /// What every image of a run is sent with.
  ///
  /// @param idPrefix what every id starts with
  /// @param beside everything beside id and image
  public record Request(String idPrefix, PutImageRequest beside) {}

  /// What came of a run.
  ///
  /// @param bytes of the images sent
  /// @param failure why it ended before all files were sent; null where it did not
  public record Outcome(
      int sent, long bytes, List<LeftOut> leftOut, @Nullable RuntimeException failure) {
    public Outcome {
      leftOut = List.copyOf(leftOut);
    }
  }

  public Ingestion(MekikiClient client, Request request) {
    this.uploads = client.uploads();
    this.request = request;
  }

  /// Sends all files and waits for the last answer.
  ///
  /// @param done called after each file, by any thread
  public Outcome run(List<ImageFiles.Named> files, Runnable done) throws InterruptedException {
    uploads.send(
        files.stream().flatMap(file -> upload(file, done).stream()).iterator(), new Listener(done));
    synchronized (this) {
      return new Outcome(sent, bytes, leftOut, failure);
    }
  }

  /// @return empty where the file is left out
  private Optional<Upload> upload(ImageFiles.Named file, Runnable done) {
    try {
      Upload upload =
          new Upload(
              request.idPrefix() + file.id(),
              Files.size(file.file()),
              () -> Files.readAllBytes(file.file()),
              request.beside());
      underWay.put(upload, file.file());
      return Optional.of(upload);
    } catch (IOException e) {
      leaveOut(LeftOut.unreadable(file.file(), e));
      done.run();
      return Optional.empty();
    }
  }

  private final class Listener implements UploadListener {
    private final Runnable done;

    Listener(Runnable done) {
      this.done = done;
    }

    @Override
    public void sent(Upload upload, int imageBytes, SourceCoordinate source) {
      underWay.remove(upload);
      count(imageBytes);
      done.run();
    }

    @Override
    public boolean failed(Upload upload, Throwable cause) {
      done.run();
      Path file = Objects.requireNonNull(underWay.remove(upload));
      String detail = String.valueOf(cause.getMessage());
      switch (cause) {
        case InvalidRequestException _, OverloadedException _ ->
            leaveOut(LeftOut.refused(file, detail));
        case Uploads.TooLargeException _ ->
            leaveOut(
                LeftOut.tooLarge(
                    file,
                    upload.size(),
                    uploads.memory(),
                    "give this command more memory, as with MEKIKI_JAVA_OPTS=-Xmx4g"));
        case IOException e -> leaveOut(LeftOut.unreadable(file, e));
        case OutOfMemoryError _ -> leaveOut(new LeftOut(file, "out of memory", detail));
        case RuntimeException e -> {
          fail(e);
          return false;
        }
        default -> throw new IllegalStateException("cannot happen to an upload", cause);
      }
      return true;
    }
  }

  private synchronized void count(int imageBytes) {
    sent++;
    bytes += imageBytes;
  }

  private synchronized void leaveOut(LeftOut file) {
    leftOut.add(file);
  }

  private synchronized void fail(RuntimeException e) {
    if (failure == null) {
      failure = e;
    }
  }
}
