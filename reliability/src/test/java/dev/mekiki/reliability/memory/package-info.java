/// Tests of how memory is sampled and judged.
@NullMarked
package dev.mekiki.reliability.memory;

import org.jspecify.annotations.NullMarked;
