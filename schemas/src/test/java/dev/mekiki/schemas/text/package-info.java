@NullMarked
package dev.mekiki.schemas.text;

import org.jspecify.annotations.NullMarked;
