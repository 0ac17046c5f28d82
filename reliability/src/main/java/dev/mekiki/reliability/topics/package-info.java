/// What the topics hold: the images that arrived, what became of each, and the matches; and how far
/// the services have read them. Depends on nothing else of this module.
///
/// Start at {@link dev.mekiki.reliability.topics.History} and {@link
/// dev.mekiki.reliability.topics.Progress}.
@NullMarked
package dev.mekiki.reliability.topics;

import org.jspecify.annotations.NullMarked;
