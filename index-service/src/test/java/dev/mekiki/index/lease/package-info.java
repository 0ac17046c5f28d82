/// Tests of `lease`.
@NullMarked
package dev.mekiki.index.lease;

import org.jspecify.annotations.NullMarked;
