@NullMarked
package dev.mekiki.index.streamsinternals;

import org.jspecify.annotations.NullMarked;
