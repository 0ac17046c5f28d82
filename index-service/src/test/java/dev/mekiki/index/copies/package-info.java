/// Tests of the store of landmarks.
@NullMarked
package dev.mekiki.index.copies;

import org.jspecify.annotations.NullMarked;
