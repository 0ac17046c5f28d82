/// What a service logs of an outage: one line when it begins, one when it ends. Depends on nothing
/// of ours.
///
/// Start at {@link dev.mekiki.runtime.logging.LogMarkers}.
@NullMarked
package dev.mekiki.runtime.logging;

import org.jspecify.annotations.NullMarked;
