/// Tests of the package of the same name.
@NullMarked
package dev.mekiki.query.rematch;

import org.jspecify.annotations.NullMarked;
