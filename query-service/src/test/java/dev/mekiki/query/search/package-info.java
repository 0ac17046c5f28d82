/// Tests of the fan-out against brute force.
@NullMarked
package dev.mekiki.query.search;

import org.jspecify.annotations.NullMarked;
