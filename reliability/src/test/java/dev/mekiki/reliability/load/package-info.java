/// Tests of `load`.
@NullMarked
package dev.mekiki.reliability.load;

import org.jspecify.annotations.NullMarked;
