/// Tests.
@NullMarked
package dev.mekiki.runtime.policy;

import org.jspecify.annotations.NullMarked;
