@NullMarked
package dev.mekiki.index.placement;

import org.jspecify.annotations.NullMarked;
