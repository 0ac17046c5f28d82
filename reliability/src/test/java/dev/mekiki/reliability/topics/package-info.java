/// Tests of `topics`.
@NullMarked
package dev.mekiki.reliability.topics;

import org.jspecify.annotations.NullMarked;
