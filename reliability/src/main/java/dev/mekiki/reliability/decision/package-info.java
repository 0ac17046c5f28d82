/// What people decide beside the load: verdicts on pairs of pictures, and since when each is in
/// force. Depends on `load`.
///
/// Start at {@link dev.mekiki.reliability.decision.Decisions}.
@NullMarked
package dev.mekiki.reliability.decision;

import org.jspecify.annotations.NullMarked;
