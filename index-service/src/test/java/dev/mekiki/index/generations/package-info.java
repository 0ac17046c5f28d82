@NullMarked
package dev.mekiki.index.generations;

import org.jspecify.annotations.NullMarked;
