/// What the tests of several packages share: seeds that can be replayed, random codes, data sets.
@NullMarked
package dev.mekiki.hashing;

import org.jspecify.annotations.NullMarked;
