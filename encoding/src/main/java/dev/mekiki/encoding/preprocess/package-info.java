/// From decoded pixels to what the network reads. Preprocessing is part of a network: its options
/// travel in the bundle's manifest and take part in the network's id, and training and serving run
/// this code alike. Depends on OpenCV.
///
/// Start at {@link dev.mekiki.encoding.preprocess.Preprocessing}.
@NullMarked
package dev.mekiki.encoding.preprocess;

import org.jspecify.annotations.NullMarked;
