package dev.mekiki.encoder.reference;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;

/// Reads images from directories. Links are followed only as far as they end under an allowed
/// directory, and what is opened is what was checked: from that directory on no link is followed
/// any more. Thread-safe.
final class FileFetcher implements AutoCloseable {
  private final Admission admission;
  private final int maxBytes;
  private final BlockingCalls calls;

  /// @param admission the directories that may be read
  /// @param atOnce most files that are read at once
  /// @param maxBytes of an image
  FileFetcher(Admission admission, int atOnce, int maxBytes) {
    this.admission = admission;
    this.maxBytes = maxBytes;
    this.calls = new BlockingCalls("file", atOnce);
  }

  /// The bytes of a file.
  byte[] fetch(ReferenceUri uri, Attempt attempt)
      throws ReferenceException, MemoryNeededException, InterruptedException {
    return calls.call(() -> read(uri, attempt.share()), attempt);
  }

  private byte[] read(ReferenceUri uri, Capacity.Share share)
      throws ReferenceException, MemoryNeededException {
    try {
      Path file = Path.of(uri.decodedPath()).toRealPath();
      Path root = admission.rootOf(file);
      Path top = root.equals(file) ? parent(file) : root;
      try (DirectoryStream<Path> directory = Files.newDirectoryStream(top)) {
        return read(secure(directory), top.relativize(file), share);
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      throw ReferenceException.unavailable("there is no such file");
    } catch (AccessDeniedException e) {
      throw ReferenceException.unavailable(
          "the encoder may not read this file (expected: read permission, also of directories)");
    } catch (IOException e) {
      throw ReferenceException.passing("the file cannot be read: " + e.getMessage(), e);
    }
  }

  private static Path parent(Path file) throws ReferenceException {
    Path parent = file.getParent();
    if (parent == null) {
      throw noRegularFile();
    }
    return parent;
  }

  private static SecureDirectoryStream<Path> secure(DirectoryStream<Path> directory) {
    if (directory instanceof SecureDirectoryStream<Path> secure) {
      return secure;
    }
    throw new IllegalStateException("no secure directory streams on this system");
  }

  /// Goes down from directory to directory: a link that takes the place of one meanwhile is not
  /// followed.
  private byte[] read(SecureDirectoryStream<Path> directory, Path rest, Capacity.Share share)
      throws IOException, ReferenceException, MemoryNeededException {
    if (rest.getNameCount() == 1) {
      return readHere(directory, rest, share);
    }
    try (SecureDirectoryStream<Path> next =
        directory.newDirectoryStream(rest.getName(0), LinkOption.NOFOLLOW_LINKS)) {
      return read(next, rest.subpath(1, rest.getNameCount()), share);
    }
  }

  private byte[] readHere(SecureDirectoryStream<Path> directory, Path name, Capacity.Share share)
      throws IOException, ReferenceException, MemoryNeededException {
    BasicFileAttributes attributes =
        directory
            .getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
            .readAttributes();
    // Before it is opened: opening a pipe waits for whoever writes to it.
    if (!attributes.isRegularFile()) {
      throw noRegularFile();
    }
    long size = attributes.size();
    if (size > maxBytes) {
      throw ReferenceException.tooManyBytes("%d bytes".formatted(size), maxBytes);
    }
    if (!share.extend((int) size)) {
      throw new MemoryNeededException((int) size);
    }
    try (SeekableByteChannel channel =
        directory.newByteChannel(
            name, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
      return read(channel, (int) size);
    }
  }

  private static byte[] read(SeekableByteChannel channel, int size)
      throws IOException, ReferenceException {
    ByteBuffer bytes = ByteBuffer.allocate(size);
    while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
      // Goes on.
    }
    if (bytes.hasRemaining() || channel.read(ByteBuffer.allocate(1)) > 0) {
      throw ReferenceException.passing(
          "the file changes while it is read (expected: a file that is complete before its record"
              + " is sent)",
          null);
    }
    return bytes.array();
  }

  private static ReferenceException noRegularFile() {
    return ReferenceException.refused(
        "no regular file (expected: a file; no directory, pipe, socket or device)");
  }

  @Override
  public void close() {
    calls.close();
  }
}
