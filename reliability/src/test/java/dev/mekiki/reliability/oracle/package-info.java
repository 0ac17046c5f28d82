/// Tests of `oracle`.
@NullMarked
package dev.mekiki.reliability.oracle;

import org.jspecify.annotations.NullMarked;
