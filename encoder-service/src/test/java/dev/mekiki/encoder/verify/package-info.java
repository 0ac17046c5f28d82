@NullMarked
package dev.mekiki.encoder.verify;

import org.jspecify.annotations.NullMarked;
