/// Tests.
@NullMarked
package dev.mekiki.runtime.server;

import org.jspecify.annotations.NullMarked;
