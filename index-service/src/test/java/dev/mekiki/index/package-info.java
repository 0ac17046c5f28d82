@NullMarked
package dev.mekiki.index;

import org.jspecify.annotations.NullMarked;
