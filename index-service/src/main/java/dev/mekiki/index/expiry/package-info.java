/// Images that end by themselves: a store of their ends in the order of time, and the sweep that
/// removes those that are due. Placement and the partitions of landmarks have one each. Depends on
/// `schemas` alone.
///
/// Start at {@link dev.mekiki.index.expiry.Expiry}.
@NullMarked
package dev.mekiki.index.expiry;

import org.jspecify.annotations.NullMarked;
