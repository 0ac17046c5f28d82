/// Tests.
@NullMarked
package dev.mekiki.schemas.serde;

import org.jspecify.annotations.NullMarked;
