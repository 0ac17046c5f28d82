@NullMarked
package dev.mekiki.encoder.stream;

import org.jspecify.annotations.NullMarked;
