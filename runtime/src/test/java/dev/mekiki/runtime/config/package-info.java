/// Tests.
@NullMarked
package dev.mekiki.runtime.config;

import org.jspecify.annotations.NullMarked;
