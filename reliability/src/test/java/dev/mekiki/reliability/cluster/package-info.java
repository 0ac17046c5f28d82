/// Tests of `cluster`.
@NullMarked
package dev.mekiki.reliability.cluster;

import org.jspecify.annotations.NullMarked;
