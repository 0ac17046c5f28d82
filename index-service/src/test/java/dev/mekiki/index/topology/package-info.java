@NullMarked
package dev.mekiki.index.topology;

import org.jspecify.annotations.NullMarked;
