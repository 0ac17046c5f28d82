/// A short run of the fault runner, and tests of its parts.
@NullMarked
package dev.mekiki.reliability;

import org.jspecify.annotations.NullMarked;
