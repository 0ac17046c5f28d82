/// From an image file's bytes to pixels, within limits that are checked before any pixel is
/// decoded. The first bytes decide the format, the header the size; a file that is cut short is
/// refused rather than decoded in part. Depends on OpenCV, which decodes, and on ImageIO with the
/// TwelveMonkeys plug-ins, which read headers and GIF.
///
/// Start at {@link dev.mekiki.encoding.decode.ImageDecoder}.
@NullMarked
package dev.mekiki.encoding.decode;

import org.jspecify.annotations.NullMarked;
