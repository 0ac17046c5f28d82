/// Tests of reading thumbnails.
@NullMarked
package dev.mekiki.query.thumbnails;

import org.jspecify.annotations.NullMarked;
