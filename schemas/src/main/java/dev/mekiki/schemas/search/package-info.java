/// What query and index services must agree on about searches. Depends on nothing.
@NullMarked
package dev.mekiki.schemas.search;

import org.jspecify.annotations.NullMarked;
