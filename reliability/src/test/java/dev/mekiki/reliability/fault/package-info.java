/// Tests of `fault`.
@NullMarked
package dev.mekiki.reliability.fault;

import org.jspecify.annotations.NullMarked;
