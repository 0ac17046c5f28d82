@NullMarked
package dev.mekiki.files;

import org.jspecify.annotations.NullMarked;
