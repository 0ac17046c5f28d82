@NullMarked
package dev.mekiki.runtime.generation;

import org.jspecify.annotations.NullMarked;
