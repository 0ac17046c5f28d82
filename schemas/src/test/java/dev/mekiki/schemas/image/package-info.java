/// Tests.
@NullMarked
package dev.mekiki.schemas.image;

import org.jspecify.annotations.NullMarked;
