@NullMarked
package dev.mekiki.encoder.record;

import org.jspecify.annotations.NullMarked;
