@NullMarked
package dev.mekiki.index.server;

import org.jspecify.annotations.NullMarked;
