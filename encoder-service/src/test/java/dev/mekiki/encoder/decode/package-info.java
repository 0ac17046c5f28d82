@NullMarked
package dev.mekiki.encoder.decode;

import org.jspecify.annotations.NullMarked;
