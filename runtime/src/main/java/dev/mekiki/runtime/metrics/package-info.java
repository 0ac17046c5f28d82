/// The meters of a service. Depends on Micrometer alone.
@NullMarked
package dev.mekiki.runtime.metrics;

import org.jspecify.annotations.NullMarked;
