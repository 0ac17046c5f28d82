/// Tests of the whole: the table of dependencies, the command line, and every service together on a
/// real broker.
@NullMarked
package dev.mekiki.launcher;

import org.jspecify.annotations.NullMarked;
