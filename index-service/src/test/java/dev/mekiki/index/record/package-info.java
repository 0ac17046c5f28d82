@NullMarked
package dev.mekiki.index.record;

import org.jspecify.annotations.NullMarked;
