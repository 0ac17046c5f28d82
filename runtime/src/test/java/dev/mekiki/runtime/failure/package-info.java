@NullMarked
package dev.mekiki.runtime.failure;

import org.jspecify.annotations.NullMarked;
