@NullMarked
package dev.mekiki.encoder.batch;

import org.jspecify.annotations.NullMarked;
