@NullMarked
package dev.mekiki.index.partition;

import org.jspecify.annotations.NullMarked;
