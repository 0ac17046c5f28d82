/// The generation of the encoder's bundle and its announcement. Only the service's wiring depends
/// on it.
@NullMarked
package dev.mekiki.encoder.announce;

import org.jspecify.annotations.NullMarked;
