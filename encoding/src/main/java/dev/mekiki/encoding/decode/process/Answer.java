package dev.mekiki.encoding.decode.process;

import dev.mekiki.encoding.decode.BadImageException.Reason;
import dev.mekiki.encoding.decode.DecodedImage;
import dev.mekiki.encoding.decode.ImageDecoder;
import dev.mekiki.encoding.decode.ImageFormat;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/// What a decoding process says about one file, and how it stands in the pipe: a byte of its kind,
/// then its fields. Every length is bounded before anything is allocated for it: a process whose
/// memory a picture has corrupted may say anything.
sealed interface Answer {
  /// First bytes of a process that is ready: other output on the pipe is not taken for answers.
  int READY = 0x4D4B4431;

  /// Bytes of modified UTF-8 that a message has at most, after {@link #bounded}.
  int MAX_MESSAGE = 1000;

  /// The decoded picture.
  ///
  /// @param partial whether the file is cut short
  /// @param bgr rows of blue, green, red; columns x rows x 3 bytes
  @SuppressWarnings("ArrayRecordComponent") // a hand-over, never compared
  record Picture(
      ImageFormat format, int width, int height, int columns, int rows, boolean partial, byte[] bgr)
      implements Answer {}

  /// The file is bad.
  record Refused(Reason reason, String message) implements Answer {}

  /// Memory did not suffice.
  record NoMemory(String message) implements Answer {}

  /// The decoder has a defect that this file shows.
  record Defect(String message) implements Answer {}

  /// The answer for a picture.
  static Picture of(DecodedImage image) {
    int columns = image.bgr().cols();
    int rows = image.bgr().rows();
    byte[] bgr = new byte[3 * columns * rows];
    image.bgr().get(0, 0, bgr);
    return new Picture(
        image.format(), image.width(), image.height(), columns, rows, image.partial(), bgr);
  }

  /// Writes it; the caller flushes.
  default void write(DataOutputStream out) throws IOException {
    switch (this) {
      case Picture(
              ImageFormat format,
              int width,
              int height,
              int columns,
              int rows,
              boolean partial,
              byte[] bgr) -> {
        out.writeByte(0);
        out.writeUTF(format.name());
        out.writeInt(width);
        out.writeInt(height);
        out.writeInt(columns);
        out.writeInt(rows);
        out.writeBoolean(partial);
        out.write(bgr);
      }
      case Refused(Reason reason, String message) -> {
        out.writeByte(1);
        out.writeUTF(reason.name());
        out.writeUTF(bounded(message));
      }
      case NoMemory(String message) -> {
        out.writeByte(2);
        out.writeUTF(bounded(message));
      }
      case Defect(String message) -> {
        out.writeByte(3);
        out.writeUTF(bounded(message));
      }
    }
  }

  /// Reads one.
  ///
  /// @throws IOException where the pipe ends, or holds something else
  static Answer read(DataInputStream in) throws IOException {
    return switch (in.readByte()) {
      case 0 -> {
        ImageFormat format = one(ImageFormat.class, in.readUTF());
        int width = size(in.readInt(), Integer.MAX_VALUE);
        int height = size(in.readInt(), Integer.MAX_VALUE);
        int columns = size(in.readInt(), ImageDecoder.LARGEST_SIDE);
        int rows = size(in.readInt(), ImageDecoder.LARGEST_SIDE);
        boolean partial = in.readBoolean();
        byte[] bgr = new byte[3 * columns * rows];
        in.readFully(bgr);
        yield new Picture(format, width, height, columns, rows, partial, bgr);
      }
      case 1 -> new Refused(one(Reason.class, in.readUTF()), in.readUTF());
      case 2 -> new NoMemory(in.readUTF());
      case 3 -> new Defect(in.readUTF());
      default -> throw new IOException("the decoding process wrote something that is no answer");
    };
  }

  private static int size(int value, int most) throws IOException {
    if (value < 1 || value > most) {
      throw new IOException(
          "the decoding process wrote a size of %d (expected: 1..%d)".formatted(value, most));
    }
    return value;
  }

  private static <T extends Enum<T>> T one(Class<T> type, String name) throws IOException {
    try {
      return Enum.valueOf(type, name);
    } catch (IllegalArgumentException e) {
      throw new IOException("the decoding process wrote an unknown name", e);
    }
  }

  private static String bounded(String message) {
    return message.length() <= MAX_MESSAGE ? message : message.substring(0, MAX_MESSAGE);
  }
}
