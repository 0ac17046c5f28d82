@NullMarked
package dev.mekiki.index.standby;

import org.jspecify.annotations.NullMarked;
