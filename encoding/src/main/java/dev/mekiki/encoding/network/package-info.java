/// The network: its architecture as data, the DJL blocks it is built of, and the hyperplanes that
/// turn its features into instance codes. Training and serving build the same blocks from here.
/// Depends on DJL and `hashing.code`.
///
/// Start at {@link dev.mekiki.encoding.network.Architecture}.
@NullMarked
package dev.mekiki.encoding.network;

import org.jspecify.annotations.NullMarked;
