/// What must be true after a run, and what of it is not. It knows the topics, the journal of the
/// load, and watermarks; it asks no service about itself. Depends on `load` and `topics`.
///
/// Start at {@link dev.mekiki.reliability.oracle.Oracle}.
@NullMarked
package dev.mekiki.reliability.oracle;

import org.jspecify.annotations.NullMarked;
