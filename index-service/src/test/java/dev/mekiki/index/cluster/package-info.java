/// Whole index instances on a real broker.
@NullMarked
package dev.mekiki.index.cluster;

import org.jspecify.annotations.NullMarked;
