/// Tests.
@NullMarked
package dev.mekiki.runtime.kafka;

import org.jspecify.annotations.NullMarked;
