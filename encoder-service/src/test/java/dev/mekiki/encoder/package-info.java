/// Tests of the encoder service: with a real broker and the built-in network.
@NullMarked
package dev.mekiki.encoder;

import org.jspecify.annotations.NullMarked;
