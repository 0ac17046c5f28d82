/// Holds every Markdown page of the repository to what it refers to and to plain English: links and
/// anchors resolve, names of classes, packages, keys and flags exist, words are spelt right.
@NullMarked
package dev.mekiki.launcher.documentation;

import org.jspecify.annotations.NullMarked;
