@NullMarked
package dev.mekiki.index.lifecycle;

import org.jspecify.annotations.NullMarked;
