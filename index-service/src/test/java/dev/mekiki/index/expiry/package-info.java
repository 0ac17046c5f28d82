@NullMarked
package dev.mekiki.index.expiry;

import org.jspecify.annotations.NullMarked;
