/// Tests of the feed of matches on an embedded broker.
@NullMarked
package dev.mekiki.query.matches;

import org.jspecify.annotations.NullMarked;
