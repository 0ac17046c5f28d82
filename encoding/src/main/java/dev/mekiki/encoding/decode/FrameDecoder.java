package dev.mekiki.encoding.decode;

import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_decoder;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_to_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_frame;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_packet;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_PRI_BT709;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_JPEG;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_UNSPECIFIED;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_RGB;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_SMPTE170M;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_UNSPECIFIED;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_TRC_IEC61966_2_1;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_BGR24;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_FLAG_RGB;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;
import static org.bytedeco.ffmpeg.global.avutil.av_pix_fmt_desc_get;
import static org.bytedeco.ffmpeg.global.swscale.SWS_ACCURATE_RND;
import static org.bytedeco.ffmpeg.global.swscale.SWS_BICUBIC;
import static org.bytedeco.ffmpeg.global.swscale.SWS_FULL_CHR_H_INT;
import static org.bytedeco.ffmpeg.global.swscale.sws_alloc_context;
import static org.bytedeco.ffmpeg.global.swscale.sws_free_context;
import static org.bytedeco.ffmpeg.global.swscale.sws_scale_frame;

import java.io.IOException;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.bytedeco.javacpp.BytePointer;
import org.jspecify.annotations.Nullable;
import org.opencv.core.CvType;
import org.opencv.core.Mat;

/// Decodes the frames of one AV1 or HEVC stream to RGB; what primaries these have is left to the
/// caller. Not thread-safe.
final class FrameDecoder implements AutoCloseable {
  private static final int AGAIN = -11;

  private final AVCodecParameters parameters;
  private final AVCodecContext codec;
  private final AVFrame frame;

  FrameDecoder(AVCodecParameters parameters) throws IOException {
    this.parameters = parameters;
    AVCodec decoder = avcodec_find_decoder(parameters.codec_id());
    if (decoder == null) {
      throw new IOException("no decoder for codec %d".formatted(parameters.codec_id()));
    }
    codec = avcodec_alloc_context3(decoder);
    frame = av_frame_alloc();
    avcodec_parameters_to_context(codec, parameters);
    codec.thread_count(1);
    // Pixels of the stream may be others than the container says: no memory for more than twice.
    codec.max_pixels(2L * (parameters.width() + 64L) * (parameters.height() + 64L));
    int status = avcodec_open2(codec, decoder, (AVDictionary) null);
    if (status < 0) {
      close();
      throw new IOException("its decoder does not start (%d)".formatted(status));
    }
  }

  /// The frame of a packet; null where it has none to show.
  ///
  /// @return 8 bits, blue, green, red
  @Nullable Mat decode(AVPacket packet) throws IOException {
    int status = avcodec_send_packet(codec, packet);
    if (status >= 0) {
      status = avcodec_receive_frame(codec, frame);
    }
    if (status == AGAIN) {
      // HEVC's decoder holds a frame back until it knows that no earlier one follows.
      avcodec_send_packet(codec, (AVPacket) null);
      status = avcodec_receive_frame(codec, frame);
    }
    if (status < 0) {
      throw new IOException("its pixels are damaged (%d)".formatted(status));
    }
    return bgr();
  }

  private Mat bgr() throws IOException {
    describeColours();
    AVFrame target = av_frame_alloc();
    SwsContext scaling = sws_alloc_context();
    try {
      target.format(AV_PIX_FMT_BGR24);
      target.width(frame.width());
      target.height(frame.height());
      target.colorspace(AVCOL_SPC_RGB);
      target.color_range(AVCOL_RANGE_JPEG);
      target.color_primaries(AVCOL_PRI_BT709);
      target.color_trc(AVCOL_TRC_IEC61966_2_1);
      scaling.flags(SWS_BICUBIC | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT);
      scaling.threads(1);
      int status = av_frame_get_buffer(target, 0);
      if (status >= 0) {
        status = sws_scale_frame(scaling, target, frame);
      }
      if (status < 0) {
        throw new IOException("its colours cannot be converted (%d)".formatted(status));
      }
      return copy(target);
    } finally {
      sws_free_context(scaling);
      av_frame_free(target);
    }
  }

  /// What the container says goes before what the stream says; the rest is what MIAF (ISO 23000-22)
  /// takes for granted.
  private void describeColours() {
    if ((av_pix_fmt_desc_get(frame.format()).flags() & AV_PIX_FMT_FLAG_RGB) == 0) {
      if (parameters.color_space() != AVCOL_SPC_UNSPECIFIED) {
        frame.colorspace(parameters.color_space());
      }
      if (frame.colorspace() == AVCOL_SPC_UNSPECIFIED) {
        frame.colorspace(AVCOL_SPC_SMPTE170M);
      }
    }
    if (parameters.color_range() != AVCOL_RANGE_UNSPECIFIED) {
      frame.color_range(parameters.color_range());
    }
    // FFmpeg converts these, too, by a table that takes it seconds to compute. Curves of television
    // are shown as sRGB's, as browsers do.
    frame.color_primaries(AVCOL_PRI_BT709);
    frame.color_trc(AVCOL_TRC_IEC61966_2_1);
  }

  private static Mat copy(AVFrame frame) {
    int rowBytes = 3 * frame.width();
    Mat pixels = new Mat(frame.height(), frame.width(), CvType.CV_8UC3);
    byte[] row = new byte[rowBytes];
    BytePointer data = frame.data(0);
    for (int y = 0; y < frame.height(); y++) {
      data.position((long) y * frame.linesize(0)).get(row);
      pixels.put(y, 0, row);
    }
    return pixels;
  }

  @Override
  public void close() {
    av_frame_free(frame);
    avcodec_free_context(codec);
  }
}
