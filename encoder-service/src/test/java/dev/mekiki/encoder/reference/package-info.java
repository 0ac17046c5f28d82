@NullMarked
package dev.mekiki.encoder.reference;

import org.jspecify.annotations.NullMarked;
