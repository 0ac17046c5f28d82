package dev.mekiki.encoding.decode;

import static org.bytedeco.ffmpeg.global.avformat.AVSEEK_SIZE;
import static org.bytedeco.ffmpeg.global.avformat.av_find_input_format;
import static org.bytedeco.ffmpeg.global.avformat.avformat_alloc_context;
import static org.bytedeco.ffmpeg.global.avformat.avformat_close_input;
import static org.bytedeco.ffmpeg.global.avformat.avformat_open_input;
import static org.bytedeco.ffmpeg.global.avformat.avio_alloc_context;
import static org.bytedeco.ffmpeg.global.avformat.avio_context_free;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.AV_LOG_QUIET;
import static org.bytedeco.ffmpeg.global.avutil.av_free;
import static org.bytedeco.ffmpeg.global.avutil.av_log_set_level;
import static org.bytedeco.ffmpeg.global.avutil.av_malloc;

import java.io.IOException;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.Read_packet_Pointer_BytePointer_int;
import org.bytedeco.ffmpeg.avformat.Seek_Pointer_long_int;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/// A file in memory, opened by FFmpeg's reader of the ISO base media format alone: no other file or
/// address that it names is opened. Not thread-safe.
final class MemoryInput implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 16;
  private static final int SEEK_SET = 0;
  private static final int SEEK_CURRENT = 1;
  private static final int SEEK_END = 2;

  static {
    // What is wrong with a file is in the exception; a damaged one prints pages.
    av_log_set_level(AV_LOG_QUIET);
  }

  private final byte[] file;
  private int at;

  // Fields, for native code calls them as long as this is open.
  private final Reader reader = new Reader();
  private final Seeker seeker = new Seeker();
  private final AVIOContext io;
  private final AVFormatContext container;

  private MemoryInput(byte[] file) throws IOException {
    this.file = file;
    io =
        avio_alloc_context(
            new BytePointer(av_malloc(BUFFER_BYTES)), BUFFER_BYTES, 0, null, reader, null, seeker);
    container = avformat_alloc_context();
    container.pb(io);
    // Frees the container where it fails.
    int status =
        avformat_open_input(
            container, (String) null, av_find_input_format("mov"), (AVDictionary) null);
    if (status < 0) {
      closeInput();
      throw new IOException("its boxes are damaged (%d)".formatted(status));
    }
  }

  /// Reads a file's boxes.
  ///
  /// @throws IOException where they are damaged
  static MemoryInput open(byte[] file) throws IOException {
    return new MemoryInput(file);
  }

  AVFormatContext container() {
    return container;
  }

  @Override
  public void close() {
    avformat_close_input(container);
    closeInput();
  }

  private void closeInput() {
    av_free(io.buffer());
    avio_context_free(io);
    reader.close();
    seeker.close();
  }

  private final class Reader extends Read_packet_Pointer_BytePointer_int {
    @Override
    public int call(Pointer opaque, BytePointer buffer, int size) {
      int count = Math.min(size, file.length - at);
      if (count <= 0) {
        return AVERROR_EOF;
      }
      buffer.put(file, at, count);
      at += count;
      return count;
    }
  }

  private final class Seeker extends Seek_Pointer_long_int {
    @Override
    public long call(Pointer opaque, long offset, int whence) {
      if (whence == AVSEEK_SIZE) {
        return file.length;
      }
      long target =
          switch (whence) {
            case SEEK_SET -> offset;
            case SEEK_CURRENT -> at + offset;
            case SEEK_END -> file.length + offset;
            default -> -1;
          };
      if (target < 0) {
        return -1;
      }
      at = (int) Math.min(target, file.length);
      return target;
    }
  }
}
