/// Records read from topics: what keeps one from being used, and what happens to it then. No record
/// may stop an instance, so each is checked where it enters and left out if it is defective.
/// Depends on `schemas`.
///
/// Start at {@link dev.mekiki.index.record.LeftOutRecords}.
@NullMarked
package dev.mekiki.index.record;

import org.jspecify.annotations.NullMarked;
