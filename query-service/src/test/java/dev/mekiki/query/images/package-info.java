/// Tests of sending images.
@NullMarked
package dev.mekiki.query.images;

import org.jspecify.annotations.NullMarked;
