/// Tests.
@NullMarked
package dev.mekiki.runtime.deadletter;

import org.jspecify.annotations.NullMarked;
