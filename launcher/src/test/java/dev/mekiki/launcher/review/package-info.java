/// Tests of the figures of reviews.
@NullMarked
package dev.mekiki.launcher.review;

import org.jspecify.annotations.NullMarked;
