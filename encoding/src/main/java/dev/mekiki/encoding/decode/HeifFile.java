package dev.mekiki.encoding.decode;

import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avformat.AV_DISPOSITION_DEFAULT;
import static org.bytedeco.ffmpeg.global.avformat.AV_STREAM_GROUP_PARAMS_TILE_GRID;
import static org.bytedeco.ffmpeg.global.avformat.av_read_frame;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_VIDEO;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avformat.AVStreamGroup;
import org.bytedeco.ffmpeg.avformat.AVStreamGroupTileGrid;
import org.jspecify.annotations.Nullable;
import org.opencv.core.CvType;
import org.opencv.core.Mat;
import org.opencv.core.Rect;

/// An AVIF or HEIC file, read by FFmpeg: one picture, a grid of tiles as phones write it, or an
/// animation. Not thread-safe.
///
/// Orientation is that of the container (its properties `irot` and `imir`): readers heed it, and it
/// is EXIF's once more, which is therefore ignored.
final class HeifFile implements AutoCloseable {
  /// How AVIF and HEIC name a picture that is another's transparency.
  private static final List<String> ALPHA =
      List.of("urn:mpeg:mpegB:cicp:systems:auxiliary:alpha", "urn:mpeg:hevc:2015:auxid:1");

  /// Bytes at the beginning that such a name is looked for in.
  private static final int MAX_BOXES = 1 << 18;

  private final byte[] file;
  private final MemoryInput input;
  private final AVFormatContext container;
  private final List<AVStream> tiles = new ArrayList<>();
  private final int codedWidth;
  private final int codedHeight;
  private final Rect shown;
  private final Orientation orientation;
  private final byte @Nullable [] profile;

  private HeifFile(byte[] file, MemoryInput input) throws IOException {
    this.file = file;
    this.input = input;
    this.container = input.container();
    AVStreamGroupTileGrid grid = mainGrid();
    HeifSideData data;
    if (grid == null) {
      AVStream main = mainStream();
      AVCodecParameters parameters = main.codecpar();
      tiles.add(main);
      codedWidth = parameters.width();
      codedHeight = parameters.height();
      data = new HeifSideData(parameters.coded_side_data(), parameters.nb_coded_side_data());
      shown = data.crop(new Rect(0, 0, codedWidth, codedHeight));
    } else {
      codedWidth = grid.coded_width();
      codedHeight = grid.coded_height();
      data = new HeifSideData(grid.coded_side_data(), grid.nb_coded_side_data());
      shown = data.crop(new Rect(0, 0, grid.width(), grid.height()));
    }
    if (shown.x < 0
        || shown.y < 0
        || shown.width < 1
        || shown.height < 1
        || shown.x + (long) shown.width > codedWidth
        || shown.y + (long) shown.height > codedHeight) {
      throw new IOException("the part to show, %s, is not in the picture".formatted(shown));
    }
    orientation = data.orientation();
    profile = data.profile();
  }

  /// Reads a file's boxes, not its pixels.
  ///
  /// @throws IOException where it is damaged, or has no picture
  static HeifFile open(byte[] file) throws IOException {
    MemoryInput input = MemoryInput.open(file);
    try {
      return new HeifFile(file, input);
    } catch (IOException | RuntimeException e) {
      input.close();
      throw e;
    }
  }

  /// Pixels before it is turned upright.
  int width() {
    return shown.width;
  }

  /// Pixels before it is turned upright.
  int height() {
    return shown.height;
  }

  /// Pixels that are decoded, the parts that are not shown included.
  long codedPixels() {
    return (long) codedWidth * codedHeight;
  }

  Orientation orientation() {
    return orientation;
  }

  /// The ICC profile; null where there is none.
  byte @Nullable [] profile() {
    return profile;
  }

  /// What its red, green and blue are where there is no profile, as a number of ITU-T H.273.
  int primaries() {
    return tiles.getFirst().codecpar().color_primaries();
  }

  /// The picture before it is turned upright, transparent parts on white; of an animation the first
  /// frame that is not blank.
  ///
  /// @param isBlank what frames are passed over
  /// @param maxFrames that may be
  /// @return 8 bits, blue, green, red
  /// @throws IOException where it is damaged
  Mat bgr(Predicate<Mat> isBlank, int maxFrames) throws IOException {
    Mat whole = tiles.size() == 1 ? frame(tiles.getFirst(), isBlank, 1) : grid();
    AVStream animation = isBlank.test(whole) ? animation() : null;
    AVStream alpha = alpha();
    if (animation != null) {
      // Its frames begin with the one that stands for them all.
      whole.release();
      try (HeifFile other = open(file)) {
        whole = other.frame(other.container.streams(animation.index()), isBlank, maxFrames);
      }
    } else if (alpha != null) {
      try (HeifFile other = open(file)) {
        Mat opacity = other.frame(other.container.streams(alpha.index()), _ -> false, 1);
        blendOntoWhite(whole, opacity);
      }
    }
    if (shown.width == whole.cols() && shown.height == whole.rows()) {
      return whole;
    }
    Mat part = new Mat(whole, shown).clone();
    whole.release();
    return part;
  }

  /// A track of frames beside the main picture; null where there is none.
  private @Nullable AVStream animation() {
    for (int i = 0; i < container.nb_streams(); i++) {
      AVStream stream = container.streams(i);
      if (stream.codecpar().codec_type() == AVMEDIA_TYPE_VIDEO
          && stream.nb_frames() > 1
          && sameSize(stream, tiles.getFirst())) {
        return stream;
      }
    }
    return null;
  }

  /// The first frame of a stream that is not blank; its first where all are.
  private Mat frame(AVStream stream, Predicate<Mat> isBlank, int maxFrames) throws IOException {
    @Nullable Mat first = null;
    try (FrameDecoder decoder = new FrameDecoder(stream.codecpar())) {
      AVPacket packet = av_packet_alloc();
      try {
        for (int number = 0; number < maxFrames && next(packet, stream); number++) {
          Mat frame = decoder.decode(packet);
          if (frame == null) {
            continue;
          }
          requireSize(frame, codedWidth, codedHeight);
          if (!isBlank.test(frame)) {
            release(first);
            return frame;
          }
          if (first == null) {
            first = frame;
          } else {
            frame.release();
          }
        }
      } catch (IOException e) {
        // What follows a whole first frame does not matter.
        if (first == null) {
          throw e;
        }
      } finally {
        av_packet_free(packet);
      }
    }
    if (first == null) {
      throw new IOException("it holds no pixels");
    }
    return first;
  }

  private static void release(@Nullable Mat frame) {
    if (frame != null) {
      frame.release();
    }
  }

  private static void requireSize(Mat frame, int width, int height) throws IOException {
    if (frame.cols() != width || frame.rows() != height) {
      String problem =
          "%d x %d pixels where it says %d x %d"
              .formatted(frame.cols(), frame.rows(), width, height);
      frame.release();
      throw new IOException(problem);
    }
  }

  /// The stream that says how opaque the picture is; null where there is none. FFmpeg does not say
  /// which one it is: where the file names the kind, it is the other one of that size.
  private @Nullable AVStream alpha() {
    if (tiles.size() > 1 || !namesAlpha()) {
      return null;
    }
    for (int i = 0; i < container.nb_streams(); i++) {
      AVStream stream = container.streams(i);
      if (stream.codecpar().codec_type() == AVMEDIA_TYPE_VIDEO
          && stream.index() != tiles.getFirst().index()
          && stream.disposition() == 0
          && sameSize(stream, tiles.getFirst())) {
        return stream;
      }
    }
    return null;
  }

  private boolean namesAlpha() {
    String boxes =
        new String(file, 0, Math.min(file.length, MAX_BOXES), StandardCharsets.ISO_8859_1);
    return ALPHA.stream().anyMatch(boxes::contains);
  }

  /// Blends a picture onto white.
  ///
  /// @param opacity as grey; released
  private static void blendOntoWhite(Mat bgr, Mat opacity) throws IOException {
    requireSize(opacity, bgr.cols(), bgr.rows());
    byte[] pixels = new byte[3 * bgr.cols()];
    byte[] alphas = new byte[3 * bgr.cols()];
    for (int y = 0; y < bgr.rows(); y++) {
      bgr.get(y, 0, pixels);
      opacity.get(y, 0, alphas);
      for (int i = 0; i < pixels.length; i++) {
        int alpha = alphas[i] & 0xFF;
        pixels[i] = (byte) (((pixels[i] & 0xFF) * alpha + 255 * (255 - alpha) + 127) / 255);
      }
      bgr.put(y, 0, pixels);
    }
    opacity.release();
  }

  /// Reads the next packet of a stream; false at the end.
  private boolean next(AVPacket packet, AVStream stream) {
    av_packet_unref(packet);
    while (av_read_frame(container, packet) >= 0) {
      if (packet.stream_index() == stream.index()) {
        return true;
      }
      av_packet_unref(packet);
    }
    return false;
  }

  /// All tiles beside and below each other.
  private Mat grid() throws IOException {
    Mat canvas = new Mat(codedHeight, codedWidth, CvType.CV_8UC3);
    List<Integer> missing = new ArrayList<>(tiles.stream().map(AVStream::index).toList());
    AVPacket packet = av_packet_alloc();
    try {
      while (av_read_frame(container, packet) >= 0) {
        int number = missing.indexOf(packet.stream_index());
        if (number >= 0) {
          missing.set(number, -1);
          place(packet, number, canvas);
        }
        av_packet_unref(packet);
      }
      if (missing.stream().anyMatch(index -> index >= 0)) {
        throw new IOException("tiles are missing");
      }
      return canvas;
    } catch (IOException | RuntimeException e) {
      canvas.release();
      throw e;
    } finally {
      av_packet_free(packet);
    }
  }

  private void place(AVPacket packet, int number, Mat canvas) throws IOException {
    AVCodecParameters parameters = tiles.get(number).codecpar();
    int width = parameters.width();
    int height = parameters.height();
    int columns = codedWidth / width;
    Rect at = new Rect(number % columns * width, number / columns * height, width, height);
    try (FrameDecoder decoder = new FrameDecoder(parameters)) {
      Mat tile = decoder.decode(packet);
      if (tile == null) {
        throw new IOException("a tile holds no pixels");
      }
      requireSize(tile, width, height);
      tile.copyTo(new Mat(canvas, at));
      tile.release();
    }
  }

  /// The grid that is the file's main picture; null where that is none. Its tiles are in the list
  /// afterwards, row by row.
  private @Nullable AVStreamGroupTileGrid mainGrid() throws IOException {
    for (int i = 0; i < container.nb_stream_groups(); i++) {
      AVStreamGroup group = container.stream_groups(i);
      if (group.type() == AV_STREAM_GROUP_PARAMS_TILE_GRID
          && (group.disposition() & AV_DISPOSITION_DEFAULT) != 0) {
        AVStreamGroupTileGrid grid = group.params_tile_grid();
        // Of a tile that is used twice there is no word in the Java binding.
        boolean isPlain = grid.nb_tiles() == group.nb_streams() && grid.nb_tiles() > 0;
        for (int tile = 0; tile < group.nb_streams() && isPlain; tile++) {
          tiles.add(group.streams(tile));
          isPlain = sameSize(tiles.getFirst(), tiles.getLast());
        }
        if (!isPlain || !fills(tiles.getFirst().codecpar(), grid)) {
          throw new IOException(
              "a grid of %d tiles that do not fill it".formatted(grid.nb_tiles()));
        }
        return grid;
      }
    }
    return null;
  }

  private static boolean sameSize(AVStream one, AVStream other) {
    return one.codecpar().width() == other.codecpar().width()
        && one.codecpar().height() == other.codecpar().height();
  }

  private static boolean fills(AVCodecParameters tile, AVStreamGroupTileGrid grid) {
    int width = tile.width();
    int height = tile.height();
    return width > 0
        && height > 0
        && grid.coded_width() % width == 0
        && grid.coded_height() % height == 0
        && (long) (grid.coded_width() / width) * (grid.coded_height() / height) == grid.nb_tiles();
  }

  private AVStream mainStream() throws IOException {
    @Nullable AVStream first = null;
    for (int i = 0; i < container.nb_streams(); i++) {
      AVStream stream = container.streams(i);
      if (stream.codecpar().codec_type() == AVMEDIA_TYPE_VIDEO) {
        if ((stream.disposition() & AV_DISPOSITION_DEFAULT) != 0) {
          return stream;
        }
        first = first == null ? stream : first;
      }
    }
    if (first == null) {
      throw new IOException("no picture in it");
    }
    return first;
  }

  @Override
  public void close() {
    input.close();
  }
}
