/// Groups of copies, the last sub-topology: it keeps the contents of images in partitions of their
/// own, hears of each revision from placement and of each pair from `matches`, and writes groups
/// and retractions. The rule is that of `hashing.group`; here are the messages, the store and the
/// records. Depends on `index.probe`, `index.record` and `index.streamsinternals`.
///
/// Start at {@link dev.mekiki.index.groups.GroupProcessor}.
@NullMarked
package dev.mekiki.index.groups;

import org.jspecify.annotations.NullMarked;
