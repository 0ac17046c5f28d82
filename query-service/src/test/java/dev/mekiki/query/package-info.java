/// Tests of the query service as a whole, on an embedded broker with real index instances.
@NullMarked
package dev.mekiki.query;

import org.jspecify.annotations.NullMarked;
