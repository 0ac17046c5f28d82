/// The converter, and Connect itself between Mekiki and others.
@NullMarked
package dev.mekiki.connect;

import org.jspecify.annotations.NullMarked;
