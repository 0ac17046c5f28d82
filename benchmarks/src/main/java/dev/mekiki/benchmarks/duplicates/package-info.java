/// `mekiki bench duplicates`: how many edited copies are found, and how many other pictures are
/// taken for copies.
@NullMarked
package dev.mekiki.benchmarks.duplicates;

import org.jspecify.annotations.NullMarked;
