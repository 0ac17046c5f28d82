@NullMarked
package dev.mekiki.runtime.lifecycle;

import org.jspecify.annotations.NullMarked;
