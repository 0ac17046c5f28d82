/// Tests of what people decide.
@NullMarked
package dev.mekiki.query.policy;

import org.jspecify.annotations.NullMarked;
