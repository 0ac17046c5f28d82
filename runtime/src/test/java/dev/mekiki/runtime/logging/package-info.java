@NullMarked
package dev.mekiki.runtime.logging;

import org.jspecify.annotations.NullMarked;
