/// Loading OpenCV's native library. Depends on OpenCV alone; whatever calls OpenCV depends on it.
@NullMarked
package dev.mekiki.encoding.opencv;

import org.jspecify.annotations.NullMarked;
