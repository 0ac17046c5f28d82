/// Tests of what is put together from hits, landmarks and alignments.
@NullMarked
package dev.mekiki.query.copies;

import org.jspecify.annotations.NullMarked;
