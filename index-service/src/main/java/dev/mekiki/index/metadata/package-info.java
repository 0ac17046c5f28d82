/// Which metadata searches may filter by. Depends on nothing else of the service.
///
/// Start at {@link dev.mekiki.index.metadata.FilterableKeys}.
@NullMarked
package dev.mekiki.index.metadata;

import org.jspecify.annotations.NullMarked;
